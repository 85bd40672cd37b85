# Expected agreement of readers of a campaign from R, as CSV beside this script. Made by R 4.2.2 with psych 2.2.9 and
# vcd 1.4-11, neither of which spondyl needs:
#   cd tests/data && Rscript campaigns.R
# Invented readings come first, so that both sides calculate from the same file. Digits: 17, all that a double has.

suppressPackageStartupMessages({library(psych); library(vcd)})
source("written.R")
options(digits = 17, scipen = 20)
set.seed(20260301)

# Readings of campaigns: a sample a row of which is a study, or a change between two; a reader a column.
true <- round(rgamma(60, 0.6, 0.05))
grown <- true + rpois(60, 1)
read <- function(x, error) pmax(0, round(x + rnorm(length(x), 0, error)))
first <- cbind(read(true, 2), read(true, 2.5) + 1)
second <- cbind(read(grown, 2), read(grown, 2.5) + 1)
positive <- rbinom(80, 1, 0.4)
slipped <- function(x, share) ifelse(runif(length(x)) < share, 1 - x, x)
samples <- list(
  status = first,
  change = second - first,
  three = cbind(read(true, 2), read(true, 2) + 1, read(true, 4)),
  verdict = cbind(slipped(positive, 0.1), slipped(positive, 0.15)),
  halves = cbind(read(2 * true[1:25], 1), read(2 * true[1:25], 1)) / 2
)
written(do.call(rbind, Map(function(sample, x) data.frame(sample, readings = apply(x, 1, paste, collapse = " ")),
                           names(samples), samples)), "campaign_readings.csv")

found <- data.frame()
tell <- function(sample, figure, variant, value, low = NA, high = NA)
  found <<- rbind(found, data.frame(sample, figure, variant, value = as.double(value), low = as.double(low),
                                    high = as.double(high)))

# psych by the analysis of variance (lmer = FALSE), as Shrout and Fleiss have it; "Single_random_raters" is 2,1
correlated <- function(sample, x) {
  rows <- suppressWarnings(ICC(x, missing = FALSE, lmer = FALSE))$results
  for (form in c("ICC2", "ICC3")) {
    row <- rows[rows$type == form, ]
    tell(sample, "icc", c(ICC2 = '"2,1"', ICC3 = '"3,1"')[[form]], row$ICC, row[["lower bound"]], row[["upper bound"]])
  }
}

# Fleiss and Cohen's weights are the quadratic ones; their categories are equally far apart, so all between must be there
agreed <- function(sample, a, b) {
  every <- seq(min(a, b), max(a, b), by = if (all(c(a, b) == round(c(a, b)))) 1 else 0.5)
  square <- table(factor(a, every), factor(b, every))
  if (length(every) == 2) {
    k <- Kappa(square); weighting <- "Unweighted"
  } else {
    k <- Kappa(square, weights = "Fleiss-Cohen"); weighting <- "Weighted"
  }
  limits <- confint(k)[weighting, ]
  tell(sample, "kappa", if (length(every) == 2) "unweighted" else "quadratic", k[[weighting]][["value"]], limits[1], limits[2])
}

# by formula: z SD / sqrt(2 k) from change, z SD / sqrt(k) from status; the limits of a standard deviation by chi-squared
detectable <- function(sample, d) {
  n <- length(d)
  factor <- sqrt((n - 1) / qchisq(c(0.975, 0.025), n - 1))
  for (share in c(0.95, 0.8)) for (k in 1:2) for (source in c("status", "change")) {
    sdc <- qnorm((1 + share) / 2) * sd(d) / sqrt(k * if (source == "change") 2 else 1)
    tell(sample, paste0("sdc from ", source, "; k = ", k), paste0("sdc/loa-", 100 * share), sdc, sdc * factor[1], sdc * factor[2])
  }
}

limits <- function(sample, d) {
  n <- length(d); t <- qt(0.975, n - 1)
  tell(sample, "bias", "", mean(d), mean(d) - t * sd(d) / sqrt(n), mean(d) + t * sd(d) / sqrt(n))
  for (sign in c(-1, 1)) {
    at <- mean(d) + sign * qnorm(0.975) * sd(d)
    reach <- t * sd(d) * sqrt(1 / n + qnorm(0.975)^2 / (2 * (n - 1)))
    tell(sample, if (sign < 0) "lower limit" else "upper limit", "", at, at - reach, at + reach)
  }
}

for (name in names(samples)) {
  x <- samples[[name]]
  correlated(name, x)
  if (ncol(x) == 2) {
    agreed(name, x[, 1], x[, 2])
    detectable(name, x[, 1] - x[, 2])
    limits(name, x[, 1] - x[, 2])
  }
}
written(found, "campaign_agreement.csv")
