# Expected values with late entries, and of rates, as CSV beside this script. Made by R 4.2.2 with survival 3.5-3 and
# etm 1.1.1, whose Aalen-Johansen estimator and Greenwood-type errors share no code with survival:
#   cd tests/data && Rscript late_entry.R
# Invented samples come first, so that both sides calculate from the same files. An entry on day 0 counts on day 0: R, to
# which (0, 0] is empty, gets it as day -1.

suppressPackageStartupMessages({library(survival); library(etm)})
source("written.R")
options(digits = 17, scipen = 20)
set.seed(20180301)

# ---- samples: one row an interval (entry, time] of a patient; cause 0 is censored ---------------------------------------
sample_of <- function(name, entry, time, cause, patient = seq_along(time))
  data.frame(sample = name, patient = as.integer(patient), entry = as.double(entry), time = as.double(time),
             cause = as.integer(cause))

invented <- function(name, n, scale, to) {  # who has stopped before the registry began is not in it
  end <- ceiling(rweibull(n, 0.9, scale)); entry <- pmax(0, round(runif(n, -to, to)))
  last <- entry + ceiling(runif(n, 0, to))
  there <- end > entry
  sample_of(name, entry[there], pmin(end, last)[there], ifelse(end <= last, sample(c(1, 1, 2, 3), n, TRUE), 0)[there])
}

interrupted <- function(name, n) {  # unseen for a while from the middle of every third stay, if it is long enough
  whole <- invented(name, n, 30, 25)
  gone <- whole$entry + (whole$time - whole$entry) %/% 3
  back <- gone + (whole$time - gone) %/% 3
  twice <- whole$patient %% 3 == 0 & gone > whole$entry & back > gone
  first <- whole[twice, ]; first$time <- gone[twice]; first$cause <- 0L
  whole$entry[twice] <- back[twice]
  rbind(first, whole)
}

late <- rbind(
  sample_of("ties", c(0, 0, 3, 0, 5, 2, 5, 0, 8, 3), c(3, 5, 5, 5, 8, 9, 9, 9, 12, 12), c(1, 1, 2, 0, 1, 1, 0, 3, 1, 0)),
  sample_of("day-0", c(0, 0, 0, 0, 1, 1, 0), c(0, 0, 4, 6, 4, 7, 7), c(1, 0, 1, 2, 0, 1, 0)),
  sample_of("event-on-entry-days", c(0, 0, 4, 4, 4, 7), c(4, 7, 7, 9, 10, 10), c(1, 2, 1, 0, 1, 0)),
  sample_of("half-flat", c(0, 0, 0, 1, 2), c(1, 3, 5, 8, 9), c(1, 1, 0, 1, 0)),
  sample_of("censored-empty", c(0, 0, 0, 6, 6, 7), c(2, 3, 3, 9, 11, 12), c(1, 0, 0, 1, 2, 0)),
  sample_of("emptied", c(0, 0, 0, 4, 5, 6, 7, 7, 8), c(2, 3, 4, 9, 9, 12, 10, 13, 14), c(1, 0, 2, 1, 0, 1, 3, 0, 1)),
  sample_of("emptied-at-once", c(0, 1, 9, 9, 10, 11, 11, 12), c(5, 5, 13, 14, 15, 15, 16, 16), c(1, 1, 1, 0, 2, 1, 0, 0)),
  sample_of("spans", c(0, 6, 0, 3, 0, 5, 4, 9), c(4, 9, 5, 7, 5, 8, 10, 12), c(0, 1, 1, 0, 0, 0, 2, 0),
            c(1, 1, 2, 3, 4, 4, 5, 6)),
  invented("prevalent", 120, 20, 24),
  invented("prevalent-days", 160, 1200, 2500),
  interrupted("interrupted", 90)
)
written(late, "followed_late.csv")

# ---- curves of everybody, and of those at risk from a later day ---------------------------------------------------------
from_days <- function(one) c(0, if (one$sample[1] != "day-0") unique(as.double(quantile(one$time, c(0.3, 0.6), type = 1))))
from <- function(one, day) {
  one <- one[one$time > day | day == 0, ]
  one$entry <- pmax(one$entry, day)
  one$entry[one$entry == 0] <- -1
  one
}

# Where everybody enters on day 0, survfit's infinitesimal jackknife gives Greenwood's errors too; with late entries not.
# etm: state 0 is at risk, 1 to 3 are the causes; its clock begins at 0, a day before ours
aalen_johansen <- function(one) {
  moves <- matrix(FALSE, 4, 4, dimnames = list(0:3, 0:3)); moves[1, 1 + unique(one$cause[one$cause > 0])] <- TRUE
  rows <- data.frame(id = seq_len(nrow(one)), from = 0, to = ifelse(one$cause > 0, one$cause, "cens"),
                     entry = one$entry + 1, exit = one$time + 1)
  etm(rows, as.character(0:3), moves, "cens", s = 0)
}

log_log <- function(p, error, side)
  ifelse(p > 0 & p < 1, exp(-exp(log(-log(p)) - side * qnorm(0.975) * error / (p * log(p)))), NA)

curves <- data.frame(); quantiles <- data.frame(); incidences <- data.frame()
for (name in unique(late$sample)) for (day in from_days(late[late$sample == name, ])) {
  one <- from(late[late$sample == name, ], day)
  for (kind in c("log-log", "log", "plain")) {
    f <- survfit(Surv(entry, time, cause > 0) ~ 1, data = one, id = patient, robust = FALSE, conf.type = kind)
    q <- quantile(f, c(0.25, 0.5))
    curves <- rbind(curves, data.frame(sample = name, from_day = day, interval = kind, time = f$time, at_risk = f$n.risk,
      events = f$n.event, censored = f$n.censor, survival = f$surv, error = f$std.err * f$surv, low = f$lower,
      high = f$upper))
    quantiles <- rbind(quantiles, data.frame(sample = name, from_day = day, interval = kind, share = c(0.25, 0.5),
      time = as.double(q$quantile), low = as.double(q$lower), high = as.double(q$upper)))
  }
  if (!any(one$cause > 1)) next
  states <- factor(one$cause, 0:3, c("censored", "1", "2", "3"))
  f <- survfit(Surv(one$entry, one$time, states) ~ 1, id = seq_along(states))  # it refuses gaps within a patient
  e <- aalen_johansen(one)
  for (cause in sort(unique(one$cause[one$cause > 0]))) {
    steps <- findInterval(f$time, e$time - 1)
    p <- c(0, e$est[1, cause + 1, ])[steps + 1]
    error <- sqrt(pmax(0, c(0, e$cov[paste(0, cause), paste(0, cause), ])[steps + 1]))
    stopifnot(max(abs(p - f$pstate[, cause + 1])) < 1e-12)
    incidences <- rbind(incidences, data.frame(sample = name, from_day = day, cause = cause, time = f$time,
      incidence = p, error = error, low = log_log(p, error, 1), high = log_log(p, error, -1)))
  }
}
written(curves, "late_survival_curves.csv")
written(quantiles, "late_survival_quantiles.csv")
written(incidences, "late_cumulative_incidence.csv")

# ---- rates: events in person-years --------------------------------------------------------------------------------------
rates <- data.frame()
for (ny in list(c(0, 0.25), c(0, 48.7), c(1, 3.4), c(4, 120.53), c(4, 1 / 3), c(30, 211.875), c(30, 365.25),
                c(412, 2719.31), c(26000, 98765.4321)))
  for (level in c(0.9, 0.95, 0.99)) {
    p <- poisson.test(ny[1], ny[2], conf.level = level)
    rates <- rbind(rates, data.frame(events = as.integer(ny[1]), years = ny[2], level = level, rate = p$estimate,
                                     low = p$conf.int[1], high = p$conf.int[2]))
  }
written(rates, "rates.csv")
