# How the scripts beside this write a table as CSV: numbers with 17 digits, all that a double has; an empty cell is NA.

written <- function(table, file) {
  numeric <- vapply(table, is.double, TRUE)
  table[numeric] <- lapply(table[numeric], function(x) ifelse(is.na(x), NA, sprintf("%.17g", x)))
  write.csv(table, file, row.names = FALSE, quote = FALSE, na = "")
}
