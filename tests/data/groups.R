# Expected values of comparisons between groups, as CSV beside this script. Made by R 4.2.2 with survival 3.5-3, cmprsk
# 2.2-11 and base R; standardised differences are by formula, so that this script shares no code with ours:
#   cd tests/data && Rscript groups.R
# Invented samples come first. An entry on day 0 counts on day 0: R, to which (0, 0] is empty, gets it as day -1.

suppressPackageStartupMessages({library(survival); library(cmprsk)})
source("written.R")
options(digits = 17, scipen = 20)
set.seed(20190601)

# ---- samples of follow-up: one row an interval (entry, time] ------------------------------------------------------------
followed <- function(name, group, entry, time, cause, stratum = 0, patient = seq_along(time))
  data.frame(sample = name, patient = as.integer(patient), group = as.integer(group), stratum = as.integer(stratum),
             entry = as.double(entry), time = as.double(time), cause = as.integer(cause))

invented <- function(name, n, groups, to, scale = 30, late = TRUE) {
  group <- sample(seq_len(groups) - 1, n, TRUE); stratum <- sample(0:1, n, TRUE)
  end <- ceiling(rweibull(n, 0.9, scale * (1 + group / 3)))
  entry <- if (late) pmax(0, round(runif(n, -to, to))) else rep(0, n)
  last <- entry + ceiling(runif(n, 0, to)); there <- end > entry
  cause <- ifelse(end <= last, sample(c(1, 1, 2), n, TRUE), 0)
  followed(name, group[there], entry[there], pmin(end, last)[there], cause[there], stratum[there])
}

samples <- rbind(
  followed("ties", c(0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1, 0), 0, c(1, 1, 2, 2, 2, 3, 3, 3, 4, 5, 5, 6),
           c(1, 1, 1, 0, 2, 1, 1, 1, 0, 2, 1, 0), c(0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1)),
  followed("day-0", c(0, 0, 1, 1, 1, 0, 1), c(0, 0, 0, 0, 1, 1, 0), c(0, 0, 4, 6, 4, 7, 7), c(1, 0, 1, 1, 0, 1, 0)),
  followed("spans", c(0, 0, 0, 1, 1, 1, 0, 1), c(0, 6, 0, 3, 0, 5, 4, 9), c(4, 9, 5, 7, 5, 8, 10, 12),
           c(0, 1, 1, 1, 0, 0, 1, 0), 0, c(1, 1, 2, 3, 4, 4, 5, 6)),
  invented("two", 90, 2, 40, late = FALSE),
  invented("three", 160, 3, 300, scale = 400, late = FALSE),
  invented("late-two", 140, 2, 24),
  invented("late-three", 200, 3, 2500, scale = 1200),
  invented("late-five", 260, 5, 24)
)
written(samples, "group_followed.csv")

# ---- log-rank: the score test of Cox's exact likelihood; survdiff, where it can, must agree ------------------------------
tests <- data.frame()
found <- function(sample, test, variant, statistic, df, p)
  tests <<- rbind(tests, data.frame(sample, test, variant, statistic = as.double(statistic), df = as.double(df), p = as.double(p)))

for (name in unique(samples$sample)) {
  one <- samples[samples$sample == name, ]
  one$entry[one$entry == 0] <- -1
  for (variant in c("unstratified", "stratified")) {
    if (variant == "stratified" && length(unique(one$stratum)) < 2) next
    by <- if (variant == "stratified") Surv(entry, time, cause > 0) ~ factor(group) + strata(stratum) else
      Surv(entry, time, cause > 0) ~ factor(group)
    fit <- suppressWarnings(coxph(by, data = one, ties = "exact", control = coxph.control(iter.max = 0)))
    df <- length(coef(fit))
    found(name, "log-rank", variant, fit$score, df, pchisq(fit$score, df, lower.tail = FALSE))
    if (all(one$entry == -1)) {
      d <- if (variant == "stratified") survdiff(Surv(time, cause > 0) ~ group + strata(stratum), data = one) else
        survdiff(Surv(time, cause > 0) ~ group, data = one)
      stopifnot(abs(d$chisq - fit$score) < 1e-9)
    }
  }
  if (all(one$entry == -1) && any(one$cause == 2)) {
    g <- cuminc(one$time, one$cause, one$group)$Tests
    s <- cuminc(one$time, one$cause, one$group, one$stratum)$Tests
    for (cause in rownames(g)) {
      found(name, paste0("gray-", cause), "unstratified", g[cause, 1], g[cause, 3], pchisq(g[cause, 1], g[cause, 3], lower.tail = FALSE))
      if (length(unique(one$stratum)) > 1)
        found(name, paste0("gray-", cause), "stratified", s[cause, 1], s[cause, 3], pchisq(s[cause, 1], s[cause, 3], lower.tail = FALSE))
    }
  }
}
written(tests, "group_curves.csv")

# ---- rate ratios ---------------------------------------------------------------------------------------------------------
ratios <- data.frame()
for (counts in list(c(5, 120.5, 9, 98.25), c(0, 40, 6, 55.5), c(7, 12.5, 0, 3), c(1, 800, 1, 800), c(412, 2719.31, 388, 3011.7),
                    c(30, 211.875, 12, 365.25), c(0, 5, 0, 9)))
  for (level in c(0.9, 0.95)) {
    p <- if (counts[1] + counts[3] > 0) poisson.test(counts[c(1, 3)], counts[c(2, 4)], conf.level = level) else
      list(estimate = NA, conf.int = c(NA, NA), p.value = 1)
    ratios <- rbind(ratios, data.frame(events = as.integer(counts[1]), years = counts[2], reference_events = as.integer(counts[3]),
      reference_years = counts[4], level = level, ratio = as.double(p$estimate), low = p$conf.int[1], high = p$conf.int[2], p = p$p.value))
  }
ratios[sapply(ratios, is.double)] <- lapply(ratios[sapply(ratios, is.double)], function(x) ifelse(is.finite(x), x, NA))
written(ratios, "rate_ratios.csv")

# ---- values in groups ----------------------------------------------------------------------------------------------------
values <- rbind(
  data.frame(sample = "untied", group = rep(0:1, c(5, 6)), value = c(3.1, 4.7, 2.25, 6.5, 5, 8.1, 7.7, 4.4, 9.2, 6.1, 10.3)),
  data.frame(sample = "tied", group = rep(0:2, c(4, 5, 6)), value = c(1, 2, 2, 5, 2, 3, 3, 6, 6, 3, 5, 5, 6, 7, 7)),
  data.frame(sample = "tenths", group = rep(0:2, c(40, 25, 31)), value = round(rnorm(96, rep(c(6.4, 5.9, 5.1), c(40, 25, 31)), rep(c(1, 2, 1.5), c(40, 25, 31))), 1)),
  data.frame(sample = "skew", group = rep(0:3, c(12, 7, 2, 20)), value = round(rgamma(41, 2, 0.13))),
  data.frame(sample = "far", group = rep(0:1, c(30, 3)), value = rnorm(33, rep(c(24, 60), c(30, 3)), 4))
)
written(values, "group_values.csv")
tests <- data.frame(); differences <- data.frame()
for (name in unique(values$sample)) {
  one <- values[values$sample == name, ]
  w <- oneway.test(value ~ group, one); k <- kruskal.test(value ~ group, one)
  tests <- rbind(tests,
    data.frame(sample = name, test = "welch", statistic = as.double(w$statistic), df = w$parameter[[1]], df_within = w$parameter[[2]], p = w$p.value),
    data.frame(sample = name, test = "kruskal-wallis", statistic = as.double(k$statistic), df = as.double(k$parameter), df_within = NA, p = k$p.value))
  first <- one$value[one$group == 1]; reference <- one$value[one$group == 0]
  t <- t.test(first, reference)
  smd <- (mean(first) - mean(reference)) / sqrt((var(first) + var(reference)) / 2)
  differences <- rbind(differences, data.frame(sample = name, statistic = as.double(t$statistic), df = as.double(t$parameter), p = t$p.value,
    difference = mean(first) - mean(reference), low = t$conf.int[1], high = t$conf.int[2], standardised = smd))
}
written(tests, "group_tests.csv")
written(differences, "group_differences.csv")

# ---- counts in groups: rows are groups, columns are categories ---------------------------------------------------------
tables <- list("3 1/1 4", "12 5/3 9", "0 5/4 6", "40 2 1/35 6 0/22 1 3", "3 0 4 1/2 5 1 0", "180 20/150 61/90 30", "7000 2/6000 7",
               "5 3 2/1 4 6", "1 1 0/0 1 1/0 1 2", "25 0 12/25 9 3")
parsed <- function(text) do.call(rbind, lapply(strsplit(strsplit(text, "/")[[1]], " "), as.double))

# Yang D, Dalton JE. SAS Global Forum 2012, paper 335: the last row against the first, the first category left out.
yang_dalton <- function(table) {
  table <- table[, colSums(table[c(1, nrow(table)), ]) > 0]
  shares <- (table / rowSums(table))[c(nrow(table), 1), -1, drop = FALSE]
  own <- function(p) if (length(p) > 1) diag(p) - p %o% p else matrix(p * (1 - p))
  s <- (own(shares[1, ]) + own(shares[2, ])) / 2
  d <- shares[1, ] - shares[2, ]
  if (length(d) == 1) d / sqrt(s[1, 1]) else if (rcond(s) < 1e-12) NA else sqrt(as.double(d %*% solve(s) %*% d))
}
counts <- data.frame()
for (text in tables) {
  m <- parsed(text)
  x <- suppressWarnings(chisq.test(m, correct = FALSE))
  counts <- rbind(counts, data.frame(counts = text, statistic = as.double(x$statistic), df = as.double(x$parameter), p = x$p.value,
    smallest_expected = min(x$expected), fisher = fisher.test(m)$p.value, standardised = yang_dalton(m)))
}
written(counts, "group_counts.csv")
