# Expected values of statistical kernels from R, as CSV beside this script. Made by R 4.2.2 with survival 3.5-3:
#   cd tests/data && Rscript statistics.R
# Invented samples come first, so that both sides calculate from the same files. Digits: 17, all that a double has.

suppressPackageStartupMessages(library(survival))
source("written.R")
options(digits = 17, scipen = 20)
set.seed(20130801)

# ---- samples of pairs -------------------------------------------------------------------------------------------------
pairs <- rbind(
  data.frame(sample = "untied", first = c(3.1, -0.4, 2.2, 1.7, 5, 0.9, -1.2, 4.4, 2.9), second = 0),
  data.frame(sample = "tied", first = c(4, 0, 5, -1, 2, 5, 0, 5, -1, 6), second = 0),
  data.frame(sample = "scores22", first = round(rgamma(22, 2, 0.13)), second = round(rgamma(22, 1, 0.24))),
  data.frame(sample = "tenths60", first = round(rnorm(60, 6.4, 1.3), 1), second = round(rnorm(60, 4.5, 2), 1)),
  data.frame(sample = "normal40", first = rnorm(40, 24, 12), second = rnorm(40, 19, 9))
)
written(pairs, "pairs.csv")

outcomes <- data.frame()
found <- function(sample, test, variant, statistic, p, low = NA, high = NA)
  outcomes <<- rbind(outcomes, data.frame(sample, test, variant, statistic = as.double(statistic), p = as.double(p),
                                          low = as.double(low), high = as.double(high)))

for (name in unique(pairs$sample)) {
  x <- pairs$first[pairs$sample == name]
  y <- pairs$second[pairs$sample == name]
  d <- round(x - y, 6)
  tied <- any(d == 0) || any(duplicated(abs(d)))
  for (correct in c(FALSE, TRUE)) {
    w <- suppressWarnings(wilcox.test(d, exact = FALSE, correct = correct))
    m <- suppressWarnings(wilcox.test(x, y, exact = FALSE, correct = correct))
    n <- sum(d != 0)
    found(name, "signed-rank", if (correct) "corrected" else "normal", min(w$statistic, n * (n + 1) / 2 - w$statistic), w$p.value)
    if (name != "tied" && name != "untied")
      found(name, "mann-whitney", if (correct) "corrected" else "normal", m$statistic, m$p.value)
  }
  if (!tied) {
    w <- wilcox.test(d, exact = TRUE)
    n <- length(d)
    found(name, "signed-rank", "exact", min(w$statistic, n * (n + 1) / 2 - w$statistic), w$p.value)
  }
  if (!any(duplicated(c(x, y)))) {
    m <- wilcox.test(x, y, exact = TRUE)
    found(name, "mann-whitney", "exact", m$statistic, m$p.value)
  }
  t <- t.test(x - y)
  found(name, "t", "paired", t$statistic, t$p.value, t$conf.int[1], t$conf.int[2])
  if (name != "tied" && name != "untied") {
    s <- suppressWarnings(cor.test(x, y, method = "spearman", exact = FALSE))
    found(name, "spearman", "mid-ranks", s$estimate, s$p.value)
    z <- cor.test(rank(x), rank(y))
    found(name, "spearman", "fisher-z", s$estimate, NA, z$conf.int[1], z$conf.int[2])
  }
}
written(outcomes, "paired_outcomes.csv")

# ---- counts -----------------------------------------------------------------------------------------------------------
counts <- data.frame()
for (bc in list(c(9, 0), c(8, 0), c(10, 3), c(3, 10), c(5, 5), c(1, 0), c(41, 22))) {
  b <- bc[1]; c <- bc[2]
  square <- matrix(c(20, c, b, 30), 2)
  exact <- binom.test(b, b + c)$p.value
  counts <- rbind(counts, data.frame(test = "mcnemar", b, c, variant = c("uncorrected", "corrected", "exact", "mid-p"),
    statistic = c(mcnemar.test(square, correct = FALSE)$statistic, mcnemar.test(square)$statistic, min(b, c), min(b, c)),
    p = c(mcnemar.test(square, correct = FALSE)$p.value, mcnemar.test(square)$p.value, exact,
          exact - dbinom(min(b, c), b + c, 0.5) / (if (b == c) 2 else 1)), low = NA_real_, high = NA_real_))
}
for (xn in list(c(0, 9), c(9, 9), c(50, 107), c(220, 341), c(167, 251), c(53, 90), c(1, 22), c(7, 22))) {
  exact <- binom.test(xn[1], xn[2])$conf.int
  score <- suppressWarnings(prop.test(xn[1], xn[2], correct = FALSE))$conf.int
  corrected <- suppressWarnings(prop.test(xn[1], xn[2]))$conf.int
  counts <- rbind(counts, data.frame(test = "proportion", b = xn[1], c = xn[2],
    variant = c("clopper-pearson", "wilson", "wilson-corrected"), statistic = xn[1] / xn[2], p = NA_real_,
    low = c(exact[1], score[1], corrected[1]), high = c(exact[2], score[2], corrected[2])))
}
written(counts, "count_outcomes.csv")

fit <- data.frame(counts = c("18 55 27", "7 10 11 3 4", "12 0 3"), shares = c("1 2 1", "1 1 1 1 1", "5 1 3"))
tests <- Map(function(n, s) suppressWarnings(chisq.test(as.numeric(n), p = as.numeric(s), rescale.p = TRUE)),
             strsplit(fit$counts, " "), strsplit(fit$shares, " "))
fit$statistic <- vapply(tests, function(t) as.double(t$statistic), 0)
fit$p <- vapply(tests, function(t) t$p.value, 0)
written(fit, "goodness_of_fit.csv")

# ---- times to an end: cause 0 is censored -------------------------------------------------------------------------------
invented <- function(name, n, scale, causes, to) {
  end <- ceiling(rweibull(n, 0.9, scale)); follow <- ceiling(runif(n, 1, to))
  data.frame(sample = name, time = pmin(end, follow), cause = ifelse(end <= follow, sample(causes, n, TRUE), 0))
}
followed <- rbind(
  data.frame(sample = "ten", time = c(2, 3, 3, 5, 6, 8, 8, 10, 12, 12), cause = c(1, 1, 0, 1, 0, 2, 1, 0, 3, 0)),
  data.frame(sample = "all-ended", time = c(1, 2, 2, 4, 7, 9), cause = c(1, 2, 1, 1, 3, 2)),
  data.frame(sample = "half-flat", time = c(1, 3, 5, 8), cause = c(1, 1, 1, 0)),
  data.frame(sample = "half-to-the-end", time = c(1, 3, 5, 8), cause = c(1, 1, 0, 0)),
  data.frame(sample = "none-ended", time = c(4, 6, 6), cause = 0),
  invented("tied", 80, 20, 1:3, 30),
  invented("days", 150, 1200, c(1, 1, 2, 3), 3650)
)
written(followed, "followed.csv")

curves <- data.frame(); quantiles <- data.frame(); incidences <- data.frame()
for (name in unique(followed$sample)) {
  one <- followed[followed$sample == name, ]
  for (kind in c("log-log", "log", "plain")) {
    f <- survfit(Surv(time, cause > 0) ~ 1, data = one, conf.type = kind)
    q <- quantile(f, c(0.25, 0.5))
    curves <- rbind(curves, data.frame(sample = name, interval = kind, time = f$time, at_risk = f$n.risk, events = f$n.event,
      censored = f$n.censor, survival = f$surv, error = f$std.err * f$surv, low = f$lower, high = f$upper))
    quantiles <- rbind(quantiles, data.frame(sample = name, interval = kind, share = c(0.25, 0.5),
      time = as.double(q$quantile), low = as.double(q$lower), high = as.double(q$upper)))
  }
  if (!any(one$cause > 1)) next
  states <- factor(one$cause, 0:3, c("censored", "1", "2", "3"))
  f <- survfit(Surv(one$time, states) ~ 1, conf.type = "log-log")
  for (cause in 1:3) incidences <- rbind(incidences, data.frame(sample = name, cause = cause, time = f$time,
    incidence = f$pstate[, cause + 1], error = f$std.err[, cause + 1], low = f$lower[, cause + 1], high = f$upper[, cause + 1]))
}
written(curves, "survival_curves.csv")
written(quantiles, "survival_quantiles.csv")
written(incidences, "cumulative_incidence.csv")
