# Fits Cox's model to the episodes of a file, and prints the seconds of the fit and the coefficients as JSON.
suppressPackageStartupMessages(library(survival))
episodes <- read.csv(commandArgs(trailingOnly = TRUE)[1])
begun <- proc.time()[["elapsed"]]
found <- coxph(Surv(time, event) ~ ., episodes, ties = "efron")
seconds <- proc.time()[["elapsed"]] - begun
cat(sprintf('{"seconds": %.6f, "answer": [%s]}\n', seconds, paste(sprintf("%.12f", coef(found)), collapse = ", ")))
