# Expected figures of a cohort's models, as CSV beside this script, and the registry that they are of: three intake
# tables in cohort_models/. Made by R 4.2.2 with survival 3.5-3, sandwich 3.0-2, nlme 3.1-162 and geepack 1.3.9:
#   cd tests/data && Rscript cohort_models.R
# Patients, courses and visits are invented. What a cohort makes of them is done here anew, from the three tables alone.

suppressPackageStartupMessages({library(survival); library(sandwich); library(nlme); library(geepack)})
source("written.R")
options(digits = 17, scipen = 20)
set.seed(20260419)
n <- 160
day <- function(x) as.Date(x, origin = "1970-01-01")
coin <- function(p) rbinom(n, 1, p) == 1

patients <- data.frame(
  patient = sprintf("P-%03d", seq_len(n)), enrolled_on = day(as.integer(as.Date("2015-01-01")) + sample(0:1400, n, TRUE)),
  centre = sample(c("A", "B", "C"), n, TRUE), sex = ifelse(coin(0.4), "female", "male"),
  birth_year = sample(1950:1995, n, TRUE), hla_b27 = sample(c("positive", "negative", "unknown"), n, TRUE, c(0.7, 0.22, 0.08)))
patients$birth_year[sample(n, 7)] <- NA
late <- coin(0.25)                                          # whose course began before enrolment
began <- patients$enrolled_on + ifelse(late, -sample(20:300, n, TRUE), sample(20:200, n, TRUE))
hazard <- 0.0009 * exp(0.5 * (patients$sex == "female") - 0.2 * (patients$hla_b27 == "positive"))
kept <- pmax(ceiling(rexp(n, hazard)), ifelse(late, as.integer(patients$enrolled_on - began) + 5, 15))
seen <- sample(200:1500, n, TRUE) + ifelse(late, as.integer(patients$enrolled_on - began), 0)
stops <- kept <= seen
why <- sample(c("lack-of-efficacy", "adverse-event", "remission", "lost"), n, TRUE, c(0.45, 0.3, 0.15, 0.1))
last <- began + seen + ifelse(stops, 700, 0)
first <- data.frame(patient = patients$patient, agent = sample(c("adalimumab", "etanercept", "infliximab"), n, TRUE),
  started_on = began, stopped_on = day(ifelse(stops, began + kept, NA)), stop_reason = ifelse(stops, why, NA))
again <- which(stops & coin(0.7))                           # a second line, of another class
gap <- 120 + sample(0:60, length(again), TRUE); own <- ceiling(rexp(length(again), 0.002)); room <- as.integer(last[again] - (began + kept)[again]) - gap
second <- data.frame(patient = patients$patient[again], agent = "secukinumab", started_on = (began + kept)[again] + gap,
  stopped_on = day(ifelse(own <= room, (began + kept)[again] + gap + own, NA)),
  stop_reason = ifelse(own <= room, sample(c("lack-of-efficacy", "remission"), length(again), TRUE, c(0.8, 0.2)), NA))
treatments <- rbind(first, second); treatments <- treatments[order(treatments$patient, treatments$started_on), ]

level <- rnorm(n, 0, 1.3); at <- function(days, mean, share) {
  shown <- which(coin(share) & began + days >= patients$enrolled_on & began + days <= last)
  value <- pmin(10, pmax(0, round(mean + level + 0.5 * (patients$sex == "female") + rnorm(n), 1)))
  data.frame(patient = patients$patient[shown], visited_on = began[shown] + days, basdai = value[shown])
}
visits <- rbind(at(-10, 6.2, 0.9), at(180, 4.3, 0.85), at(360, 3.9, 0.8))
visits <- rbind(visits, data.frame(patient = patients$patient, visited_on = last, basdai = NA))
visits <- visits[order(visits$patient, visits$visited_on), ]
for (name in c("patients", "treatments", "visits"))
  write.csv(get(name), file.path("cohort_models", paste0(name, ".csv")), row.names = FALSE, quote = FALSE, na = "")

# --- what the cohort makes of it --------------------------------------------------------------------------------------
of <- function(name) read.csv(file.path("cohort_models", paste0(name, ".csv")), na.strings = "", stringsAsFactors = FALSE)
p <- of("patients"); t <- of("treatments"); v <- of("visits")
for (name in c("enrolled_on")) p[[name]] <- as.Date(p[[name]])
for (name in c("started_on", "stopped_on")) t[[name]] <- as.Date(t[[name]])
v$visited_on <- as.Date(v$visited_on)
contact <- aggregate(visited_on ~ patient, v, max); p$last <- contact$visited_on[match(p$patient, contact$patient)]
t$episode <- ave(seq_len(nrow(t)), t$patient, FUN = seq_along)
rows <- merge(t, p, by = "patient"); rows <- rows[order(rows$patient, rows$episode), ]
rows$entry <- pmax(0, as.integer(rows$enrolled_on - rows$started_on))
rows$exit <- as.integer(pmin(rows$stopped_on, rows$last, na.rm = TRUE) - rows$started_on)
rows$event <- !is.na(rows$stopped_on) & !(rows$stop_reason %in% c("protocol-end", "remission", "lost"))
rows$age <- as.numeric(rows$started_on - as.Date(ISOdate(rows$birth_year, 7, 1))) / 365.25
rows$year <- as.integer(format(rows$started_on, "%Y"))
rows$sex <- relevel(factor(rows$sex), "female"); rows$hla <- factor(ifelse(rows$hla_b27 == "unknown", NA, rows$hla_b27))
near <- function(row, from, to, target) {                    # the value in a window that is nearest to its target
  own <- v[v$patient == row$patient & !is.na(v$basdai), ]; days <- as.integer(own$visited_on - row$started_on)
  inside <- which(days >= from & days <= to)
  if (!length(inside)) NA else own$basdai[inside[which.min(abs(days[inside] - target))]]
}
one_by_one <- function(...) vapply(seq_len(nrow(rows)), function(i) as.numeric(near(rows[i, ], ...)), 0)
rows$baseline <- one_by_one(-60, 14, 0); rows$half <- one_by_one(120, 240, 182); rows$year1 <- one_by_one(300, 420, 365)
rows <- rows[rows$entry < rows$exit | rows$entry == 0, ]
lines1 <- rows[rows$episode == 1, ]

found <- data.frame()
told <- function(model, terms, value, error, n, events) found <<- rbind(found, data.frame(model, term = terms,
  value = as.double(value), error = as.double(error), n = as.integer(n), events = as.integer(events)))
errors <- function(m) sqrt(diag(m))
exactly <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 100)
by_cox <- function(model, m, data, terms) {
  used <- setdiff(seq_len(nrow(data)), m$na.action)
  told(model, terms, coef(m), errors(m$var), length(unique(paste(data$patient, data$episode)[used])), m$nevent)
}
one <- coxph(Surv(entry, exit, event) ~ sex + age + hla, lines1, control = exactly)
by_cox("late entry", one, lines1, c("sex: male", "age", "hla_b27: positive"))
h <- cox.zph(one, transform = "km", terms = TRUE)$table
hazards <- data.frame(term = c("sex", "age", "hla_b27", "all"), statistic = h[, "chisq"], df = h[, "df"], p = h[, "p"])
one <- coxph(Surv(entry, exit, event) ~ sex + age + year + baseline + strata(centre), lines1, control = exactly)
by_cox("strata", one, lines1, c("sex: male", "age", "start year", "basdai at baseline"))
one <- coxph(Surv(entry, exit, event) ~ sex + age, lines1, control = exactly, ties = "exact")
by_cox("exact", one, lines1, c("sex: male", "age"))
one <- coxph(Surv(entry, exit, event) ~ sex + age + factor(episode), rows, control = exactly, cluster = patient)
by_cox("episodes", one, rows, c("sex: male", "age", "line: 2"))
early <- lines1[lines1$entry == 0, ]                         # of responses, only who was observed from day 0 on
early$met <- ifelse(is.na(early$half), NA, as.integer(early$half < 4)); early <- early[!is.na(early$met) & !is.na(early$age), ]
exactly <- glm.control(epsilon = 1e-15, maxit = 100)
l <- glm(met ~ sex + age, binomial, early, control = exactly)
told("logistic", c("intercept", "sex: male", "age"), coef(l), errors(vcov(l)), nrow(early), sum(early$met))
r <- glm(met ~ sex + age, poisson, early, control = exactly)
told("poisson", c("intercept", "sex: male", "age"), coef(r), errors(vcovHC(r, type = "HC0")), nrow(early), sum(early$met))

long <- rbind(cbind(lines1, time = "6 months", value = lines1$half), cbind(lines1, time = "1 year", value = lines1$year1))
long <- long[!is.na(long$value) & !is.na(long$age), ]; long <- long[order(long$patient), ]
long$time <- factor(long$time, c("6 months", "1 year"))
fine <- lmeControl(opt = "nlminb", tolerance = 1e-14, msTol = 1e-14, maxIter = 500, msMaxIter = 500, niterEM = 200)
m <- lme(value ~ sex * time + age, long, ~ 1 | patient, method = "REML", control = fine)
told("mixed", c("intercept", "sex: male;6 months", "time: 1 year", "age"), fixef(m)[1:4], errors(vcov(m))[1:4], length(unique(long$patient)), 0)
L <- c(0, 1, 0, 0, 1)                                        # of sex at the second time point
told("mixed", "sex: male;1 year", sum(L * fixef(m)), sqrt(t(L) %*% vcov(m) %*% L), length(unique(long$patient)), 0)
told("mixed", c("sd between", "sd within"), c(sqrt(as.double(getVarCov(m))), m$sigma), c(0, 0), 0, 0)
g <- geeglm(value ~ sex + age + time, family = gaussian, long, id = factor(patient), corstr = "independence",
  control = geese.control(epsilon = 1e-15, maxit = 500))
told("gee", c("intercept", "sex: male", "age", "time: 1 year"), coef(g), sqrt(diag(g$geese$vbeta)), length(unique(long$patient)), 0)
written(found, "cohort_model_coefficients.csv"); written(hazards, "cohort_model_hazards.csv")
