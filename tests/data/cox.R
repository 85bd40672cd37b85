# Expected values of Cox's model, as CSV beside this script. Made by R 4.2.2 with survival 3.5-3:
#   cd tests/data && Rscript cox.R
# Invented samples come first, one row an interval (entry, time] of a patient, whose covariates may change between
# intervals. An entry on day 0 counts on day 0: R, to which (0, 0] is empty, gets it as day -1. Covariates are x1, x2, ...;
# a sample that has fewer leaves the last ones empty. Convergence is asked for far beyond R's own 1e-9. With late entries
# R lists every choice of tied events, so the exact likelihood is asked of them only where ties are few.

suppressPackageStartupMessages(library(survival))
source("written.R")
options(digits = 17, scipen = 20)
set.seed(20200301)

sampled <- function(name, patient, stratum, entry, time, event, x) {
  x <- as.data.frame(x); while (ncol(x) < 5) x <- cbind(x, NA_real_)
  names(x) <- paste0("x", 1:5); x[] <- lapply(x, as.double)
  cbind(data.frame(sample = name, patient = as.integer(patient), stratum = as.integer(stratum), entry = as.double(entry),
                   time = as.double(time), event = as.integer(event)), x)
}

invented <- function(name, n, to, scale, late) {
  sex <- rbinom(n, 1, 0.4); age <- round(rnorm(n, 44, 12), 1); index <- round(rgamma(n, 4, 0.7), 1)
  line <- sample(0:2, n, TRUE); stratum <- sample(0:2, n, TRUE)
  end <- ceiling(rweibull(n, 0.9, scale * exp(-0.4 * sex + 0.01 * (age - 44) - 0.3 * (line == 1))))
  entry <- if (late) pmax(0, round(runif(n, -to, to))) else rep(0, n)
  last <- entry + ceiling(runif(n, 0, to)); there <- end > entry
  all <- sampled(name, seq_len(n), stratum, entry, pmin(end, last), end <= last, cbind(sex, age, index, line == 1, line == 2))
  all[there, ]
}

changing <- function(name, n) {  # a covariate that changes once, within patients who have up to three intervals
  whole <- invented(name, n, 60, 60, TRUE)
  cut <- whole$entry + (whole$time - whole$entry) %/% 2
  twice <- whole$time - whole$entry > 3
  first <- whole[twice, ]; first$time <- cut[twice]; first$event <- 0L
  whole$entry[twice] <- cut[twice]; whole$x3[twice] <- round(whole$x3[twice] / 2, 1)
  again <- sample(seq_len(nrow(whole)), n %/% 4)  # a second episode of a patient, later
  more <- whole[again, ]; more$entry <- more$time + 2; more$time <- more$entry + sample(1:40, nrow(more), TRUE)
  more$event <- rbinom(nrow(more), 1, 0.6)
  rbind(first, whole, more)
}

samples <- rbind(
  sampled("ties", 1:12, c(0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1), 0, c(1, 1, 2, 2, 2, 3, 3, 3, 4, 5, 5, 6),
          c(1, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1, 0), cbind(c(0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1, 0), c(3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8))),
  sampled("day-0", 1:9, 0, c(0, 0, 0, 0, 1, 1, 0, 2, 3), c(0, 0, 4, 6, 4, 7, 7, 9, 6), c(1, 0, 1, 1, 0, 1, 0, 1, 1),
          cbind(c(2, 1, 0, 3, 1, 2, 4, 0, 1))),
  invented("untied", 80, 4000, 4000, FALSE),
  invented("tied", 150, 20, 18, FALSE),
  invented("late", 180, 24, 20, TRUE),
  invented("late-days", 220, 2500, 1200, TRUE),
  changing("changing", 110)
)
written(samples, "cox_samples.csv")

models <- data.frame(); coefficients <- data.frame()
exactly <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 60, timefix = FALSE)
for (name in unique(samples$sample)) {
  one <- samples[samples$sample == name, ]; one$entry[one$entry == 0] <- -1
  x <- names(one)[grepl("^x", names(one))]; x <- x[!is.na(one[1, x])]
  for (variant in c("efron", "efron-stratified", "efron-clustered", "efron-stratified-clustered", "exact", "exact-stratified")) {
    if (grepl("stratified", variant) && length(unique(one$stratum)) < 2) next
    if (name == "day-0" && grepl("clustered", variant)) next
    if (grepl("exact", variant) && name %in% c("late", "changing")) next
    by <- paste(if (all(one$entry == -1)) "Surv(time, event) ~" else "Surv(entry, time, event) ~", paste(x, collapse = "+"), if (grepl("stratified", variant)) "+ strata(stratum)")
    ties <- sub("-.*", "", variant)
    fit <- if (grepl("clustered", variant)) coxph(as.formula(by), one, cluster = patient, ties = ties, control = exactly) else
      coxph(as.formula(by), one, ties = ties, control = exactly)
    coefficients <- rbind(coefficients, data.frame(sample = name, variant = variant, covariate = x, value = as.double(coef(fit)),
      error = sqrt(diag(fit$var))))
    models <- rbind(models, data.frame(sample = name, variant = variant, test = c("null", "fitted", "score", "wald"),
      statistic = c(fit$loglik, fit$score, fit$wald.test)))
    if (variant %in% c("efron", "efron-stratified") && name != "day-0") {
      z <- cox.zph(fit, transform = "km", terms = FALSE)$table
      models <- rbind(models, data.frame(sample = name, variant = variant, test = paste0("zph-", rownames(z)), statistic = z[, 1]))
    }
    if (variant == "efron" && "x5" %in% x) {
      one$line <- factor(one$x4 + 2 * one$x5)
      fit <- coxph(Surv(entry, time, event) ~ x1 + line, one, control = exactly)
      z <- cox.zph(fit, transform = "km")$table
      models <- rbind(models, data.frame(sample = name, variant = "line", test = paste0("zph-", rownames(z)), statistic = z[, 1]))
    }
  }
}
written(coefficients, "cox_coefficients.csv")
written(models, "cox_models.csv")
