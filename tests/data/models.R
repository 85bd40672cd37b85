# Expected values of regressions, as CSV beside this script. Made by R 4.2.2 with sandwich 3.0-2, nlme 3.1-162 and geepack
# 1.3.9:
#   cd tests/data && Rscript models.R
# Invented samples come first: one row a visit of a patient. Convergence is asked for far beyond the packages' own.

suppressPackageStartupMessages({library(sandwich); library(nlme); library(geepack)})
source("written.R")
options(digits = 17, scipen = 20)
set.seed(20210501)

visits <- function(name, n, most) {
  times <- if (most == 1) rep(1, n) else sample(seq_len(most), n, TRUE)
  patient <- rep(seq_len(n), times); own <- rnorm(n, 0, 1.4)[patient]
  time <- unlist(lapply(times, function(k) sort(sample(seq_len(max(most, 2)), k)))) - 1
  sex <- rbinom(n, 1, 0.45)[patient]; age <- round(rnorm(n, 43, 12), 1)[patient]
  value <- round(5 - 0.7 * time + 0.6 * sex + 0.03 * (age - 43) + own + rnorm(length(patient)), 1)
  data.frame(sample = name, patient = patient, time = as.integer(time), sex = as.integer(sex), age = age, value = value,
             outcome = as.integer(value < 4.2))
}
samples <- rbind(visits("once", 140, 1), visits("repeated", 90, 4), visits("few", 25, 3))
written(samples, "model_samples.csv")

found <- data.frame(); further <- data.frame()
told <- function(sample, model, variant, terms, value, error)
  found <<- rbind(found, data.frame(sample, model, variant, term = terms, value = as.double(value), error = as.double(error)))
also <- function(sample, model, variant, name, value)
  further <<- rbind(further, data.frame(sample, model, variant, name, value = as.double(value)))
errors <- function(v) sqrt(diag(v))
names_of <- c("intercept", "sex", "age", "time1", "time2", "time3")

for (name in unique(samples$sample)) {
  one <- samples[samples$sample == name, ]
  one$time <- factor(one$time)
  terms <- c("intercept", "sex", "age", if (nlevels(one$time) > 1) paste0("time", levels(one$time)[-1]))
  by <- outcome ~ sex + age + time; exactly <- glm.control(epsilon = 1e-15, maxit = 100)
  l <- glm(by, binomial, one, control = exactly)
  told(name, "logistic", "model", terms, coef(l), errors(vcov(l)))
  also(name, "logistic", "model", "loglik", logLik(l))
  told(name, "logistic", "clustered", terms, coef(l), errors(vcovCL(l, one$patient, type = "HC0", cadjust = FALSE)))
  p <- glm(by, poisson, one, control = exactly)
  told(name, "poisson", "robust", terms, coef(p), errors(vcovHC(p, type = "HC0")))
  told(name, "poisson", "clustered", terms, coef(p), errors(vcovCL(p, one$patient, type = "HC0", cadjust = FALSE)))
  if (name != "once") {
    m <- lme(value ~ sex + age + time, one, ~ 1 | patient, method = "REML", control = lmeControl(opt = "nlminb",
      tolerance = 1e-14, msTol = 1e-14, maxIter = 500, msMaxIter = 500, niterEM = 200))
    told(name, "mixed", "reml", terms, fixef(m), errors(vcov(m)))
    also(name, "mixed", "reml", "between", sqrt(as.double(getVarCov(m)))); also(name, "mixed", "reml", "within", m$sigma)
    also(name, "mixed", "reml", "loglik", logLik(m))
  }
  for (structure in c("independence", if (name != "once") "exchangeable")) for (family in c("gaussian", "binomial")) {
    by <- if (family == "gaussian") value ~ sex + age + time else outcome ~ sex + age + time
    g <- geeglm(by, family, one, id = one$patient, corstr = structure, control = geese.control(epsilon = 1e-15, maxit = 500))
    told(name, paste0("gee-", family), structure, terms, coef(g), g$geese$vbeta |> diag() |> sqrt())
    also(name, paste0("gee-", family), structure, "scale", g$geese$gamma)
    if (structure == "exchangeable") also(name, paste0("gee-", family), structure, "correlation", g$geese$alpha)
  }
}
written(found, "model_coefficients.csv")
written(further, "model_parameters.csv")
