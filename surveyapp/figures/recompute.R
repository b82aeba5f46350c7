# Recomputes the figures of a round from the public file, as recompute.py does. Base R only.
#
#     Rscript recompute.R [figures.csv]
#
# exact    The figure follows from other shown figures alone and must agree to the last shown digit.
# rounded  It was made before rounding, so shown figures cannot give its last digit: it must be possible with them.
#
# What no public file gives again is not checked: delta and p33; labels of groups and pairs; whether a calm factor is
# `broad_agreement` or `no_clear_pattern`; which of two factors with equal B comes first.
#
# Ends with status 1 where a figure disagrees, and prints a line for each that does.

SLACK <- 1e-6
# word: where it counts, from, to, in percent
WORDS <- list(
  few = c(10, 0, 12.5), some = c(25, 12.5, 37.5), half = c(50, 37.5, 62.5), most = c(75, 62.5, 87.5),
  nearly_all = c(90, 87.5, 100), fewer_than_half = c(25, 0, 37.5), about_half = c(50, 37.5, 62.5),
  more_than_half = c(75, 62.5, 100)
)
RATED <- c("agreement", "mixed", "split", "possible_split")
SILENT <- c("not_enough_answers", "no_answers")

given <- commandArgs(trailingOnly = TRUE)
path <- if (length(given)) given[1] else "figures.csv"
lines <- read.csv(path, colClasses = "character", fileEncoding = "UTF-8-BOM", na.strings = character())
where <- c("about", "factor", "question", "group", "other_group")
values <- new.env(hash = TRUE)
keys <- do.call(paste, c(lines[c(where, "measure")], sep = "|"))
for (at in seq_along(keys)) assign(keys[at], lines$value[at], envir = values)

# The value of a line; NULL where there is none
told <- function(measure, about, factor = "", question = "", group = "", other = "") {
  get0(paste(about, factor, question, group, other, measure, sep = "|"), envir = values, inherits = FALSE)
}
of <- function(measure, place) do.call(told, as.list(c(measure, unname(unlist(place)))))
same <- function(value, text) identical(value, text)
places <- function(chosen, columns) {
  found <- unique(lines[chosen, where[seq_len(columns)]])
  lapply(seq_len(nrow(found)), function(row) unlist(found[row, ], use.names = FALSE))
}
groups <- lines$group[lines$about == "round" & lines$measure == "people"]
factors <- lines$factor[lines$about == "factor" & lines$measure == "position"] # in the order of the benchmark
answers <- places(lines$about %in% c("group", "question"), 4)
pairs <- places(lines$about == "pair" & lines$measure == "label", 5)
unequal <- places(lines$about == "awareness_gap" & lines$measure == "higher", 5)
scale <- as.integer(told("scale", "round"))
on_agenda <- sapply(factors, function(factor) as.integer(told("agenda_position", "factor", factor)))

of_groups <- function(measure, factor) {
  unlist(lapply(groups, function(group) told(measure, "group", factor, "", group)))
}
visible <- function(factor) {
  views <- lapply(groups, function(group) c("group", factor, "", group))
  Filter(function(view) isTRUE(of("label", view) %in% RATED), views)
}

# The percentage at which a share counts: "<=10 %" at 10, a word at its place among the others
counts_at <- function(text) {
  if (text %in% names(WORDS)) WORDS[[text]][1] else as.numeric(gsub("[<>= %]", "", text))
}

# Least and most that a share of so many people may have been before it was rounded, in percent (rule P7)
bounds <- function(text, people) {
  if (text %in% names(WORDS)) return(WORDS[[text]][2:3])
  half <- (if (people >= 100) 1 else if (people >= 40) 5 else 10) / 2
  percent <- counts_at(text)
  c(if (startsWith(text, "<=")) 0 else percent - half, if (startsWith(text, ">=")) 100 else percent + half)
}

# Fewest and most people who may have rated: those who answered without those who do not know
raters <- function(view) {
  answered <- of("answered", view)
  if (!grepl("^[0-9]+$", answered)) return(c(0, 19)) # a band, all of it below twenty
  people <- as.numeric(answered)
  unsure <- people * bounds(of("dont_know", view), people) / 100
  c(people - floor(unsure[2] + SLACK), people - ceiling(unsure[1] - SLACK))
}

# Bounds of the share of every step, lowest first, a row each; NULL where the group is told in words
steps <- function(view) {
  rows <- NULL
  while (!is.null(share <- of(paste0("share_", NROW(rows)), view))) rows <- rbind(rows, bounds(share, raters(view)[1]))
  rows
}

# Bounds of a sum of shares, narrowed by what the rest leaves over
together <- function(told, chosen) {
  own <- colSums(told[chosen, , drop = FALSE])
  rest <- colSums(told[-chosen, , drop = FALSE])
  c(max(own[1], 100 - rest[2]), min(own[2], 100 - rest[1]))
}

# Bounds of F_1 to F_K-1, the shares up to each step, from 0 to 1
cumulative <- function(told) {
  sums <- t(sapply(seq_len(nrow(told) - 1), function(step) together(told, seq_len(step))))
  cbind(pmax(sums[, 1], 0), pmin(sums[, 2], 100)) / 100
}
charted <- function(view) cumulative(steps(view))

# Bounds of a mean in steps: K minus the sum of the cumulative shares
mean_of <- function(shares) nrow(shares) + 1 - rev(colSums(shares))

# Bounds of F (1 - F)
spread <- function(shares) {
  ends <- shares * (1 - shares)
  crosses <- shares[, 1] <= 0.5 & shares[, 2] >= 0.5
  cbind(pmin(ends[, 1], ends[, 2]), ifelse(crosses, 0.25, pmax(ends[, 1], ends[, 2])))
}

# By how much rounding may have moved a decimal: 0.12 by 0.005, 0.1 by 0.05
moved <- function(text) if (grepl("\\.[0-9]{2,}", text)) 0.005 else 0.05
possible <- function(text, range, by = moved(text)) {
  as.numeric(text) >= range[1] - by - SLACK && as.numeric(text) <= range[2] + by + SLACK
}

found <- list()
note <- function(kind, title, what, agrees) {
  found[[length(found) + 1]] <<- list(kind, title, paste(what[what != ""], collapse = " "), isTRUE(agrees))
}

# The first label that holds, from the sharpest disagreement to none; then tiers, agenda, missing voices
before <- c(0, 0, 0)
agenda <- factors[order(on_agenda)]
for (factor in agenda) {
  here <- Filter(function(pair) pair[2] == factor, pairs)
  between_pairs <- sapply(here, function(pair) of("label", pair))
  views <- of_groups("label", factor)
  unsure <- "yes" %in% of_groups("many_dont_know", factor) || factor %in% sapply(unequal, `[`, 2)
  few <- length(visible(factor)) < 2
  label <- told("label", "factor", factor)
  expected <- if ("groups_disagree" %in% between_pairs) list(1, "groups_disagree")
    else if ("split" %in% views) list(2, "split")
    else if ("early_sign" %in% between_pairs || "possible_split" %in% views) list(3, "early_sign")
    else if (unsure) list(4, "dont_know")
    else if (few) list(5, "not_enough_groups")
    else if ("mixed" %in% views) list(5, "mixed")
    else if (same(label, "broad_agreement")) list(6, "broad_agreement")
    else list(5, "no_clear_pattern")
  note("exact", "labels of factors", factor, same(label, expected[[2]]))
  note("exact", "tiers", factor, same(told("tier", "factor", factor), as.character(expected[[1]])))
  # By tier; what fewer than two groups could rate comes last in its tier, in the order of the benchmark
  key <- c(expected[[1]], few, if (few) match(factor, factors) else 0)
  rises <- c(key - before)[key != before]
  in_place <- on_agenda[[factor]] == match(factor, agenda)
  note("exact", "order of the agenda", factor, in_place && (!length(rises) || rises[1] > 0))
  before <- key
}
for (group in groups) {
  silent <- all(sapply(factors, function(factor) told("label", "group", factor, "", group)) %in% SILENT)
  note("exact", "missing voices", group, silent == same(told("voice_missing", "round", "", "", group), "yes"))
}

# Strongest and weakest factors, and means over groups: every group weighs the same
whole <- function(percent) { # halves go towards 50
  if (percent > 50) ceiling(percent - 0.5 - SLACK) else floor(percent + 0.5 + SLACK)
}
scores <- c()
for (factor in factors) {
  shares <- of_groups("in_place", factor)
  told_mean <- NULL
  if (length(shares) >= min(2, length(groups))) {
    scores[factor] <- round(sum(sapply(shares, counts_at)) / length(shares), 6)
    if (length(shares) > 1 && !any(shares %in% names(WORDS))) told_mean <- paste(whole(scores[[factor]]), "%")
  }
  note("exact", "means over groups", factor, same(told("mean_in_place", "factor", factor), told_mean))
}
ranked <- scores[order(-scores)] # stable: equal factors keep the order of the benchmark
ends <- list(
  strongest = head(names(ranked)[ranked > median(ranked)], 3),
  weakest = head(rev(names(ranked)[ranked < median(ranked)]), 3)
)
for (measure in names(ends)) for (factor in factors) {
  place <- match(factor, ends[[measure]])
  agrees <- same(told(measure, "factor", factor), if (is.na(place)) NULL else as.character(place))
  note("exact", "strongest and weakest", c(factor, measure), agrees)
}

# Sums and differences of shown figures
for (factor in factors) {
  parts <- lapply(c("W", "B", "T"), function(measure) told(measure, "factor", factor))
  if (!is.null(parts[[2]]) || !is.null(parts[[3]])) {
    numbers <- as.numeric(unlist(parts))
    agrees <- length(numbers) == 3 && abs(numbers[1] + numbers[2] - numbers[3]) < SLACK
    note("exact", "T = W + B", factor, agrees)
  }
}
for (gap in unequal) {
  shares <- sapply(gap[4:5], function(group) told("dont_know", "group", gap[2], "", group))
  shown <- of("difference", gap)
  apart <- (counts_at(shares[1]) - counts_at(shares[2])) / 100
  agrees <- if (any(shares %in% names(WORDS))) is.null(shown) else abs(as.numeric(shown) - apart) < SLACK
  note("exact", "don't-know differences", gap[-1], length(agrees) && agrees)
}
for (pair in pairs) {
  higher <- of("higher", pair)
  gap <- of("gap", pair)
  gap <- if (is.null(gap)) 0 else as.numeric(gap)
  if (!is.null(higher)) note("exact", "which group is higher", pair[-1], (if (higher == pair[4]) gap else -gap) >= 0)
}

# Level and spread of each group on each factor and question
for (view in answers) {
  shares <- steps(view)
  if (is.null(shares)) next
  what <- view[-1]
  note("rounded", "shares add up", what, sum(shares[, 1]) <= 100 && 100 <= sum(shares[, 2]))
  if (!isTRUE(of("label", view) %in% RATED)) next # options to choose from are no scale
  upper <- seq(nrow(shares) %/% 2 + nrow(shares) %% 2 + 1, nrow(shares))
  range <- together(shares, upper)
  share <- bounds(of("in_place", view), raters(view)[1])
  note("rounded", "shares in place", what, range[1] <= share[2] + SLACK && share[1] <= range[2] + SLACK)
  sums <- rbind(c(0, 0), cumulative(shares), c(1, 1))
  level <- as.numeric(of("median", view))
  agrees <- sums[ceiling(level), 1] <= 0.5 + SLACK && sums[floor(level) + 1, 2] >= 0.5 - SLACK
  note("rounded", "medians", what, agrees)
  shown <- of("D", view)
  if (!is.null(shown)) {
    parts <- spread(cumulative(shares))
    note("rounded", "D", what, possible(shown, 4 / nrow(parts) * colSums(parts)))
  }
}

# Between two groups: difference of means, and EMD, the sum of |F - G|. The self view against all others
for (pair in pairs) {
  gap <- of("gap", pair)
  distance <- of("emd", pair)
  if (is.null(gap)) next
  x <- charted(c("group", pair[2], "", pair[4]))
  y <- charted(c("group", pair[2], "", pair[5]))
  # Below twenty ratings both means are rounded to half a step before they are subtracted
  by <- if (is.null(distance)) 0.5 else moved(gap)
  note("rounded", "gaps", pair[-1], possible(gap, mean_of(x) - rev(mean_of(y)), by))
  if (!is.null(distance)) {
    low <- x[, 1] - y[, 2]
    high <- x[, 2] - y[, 1]
    note("rounded", "EMD", pair[-1], possible(distance, c(sum(pmax(low, -high, 0)), sum(pmax(-low, high)))))
  }
}
own <- told("self_group", "round")
for (factor in factors) {
  gap <- told("gap", "self_view", factor)
  if (is.null(gap)) next
  views <- visible(factor)
  others <- sapply(Filter(function(view) view[4] != own, views), function(view) mean_of(charted(view)))
  range <- mean_of(charted(c("group", factor, "", own))) - rev(rowMeans(others))
  note("rounded", "gaps of the self view", factor, possible(gap, range))
}

# W, the mean over groups of n / (n - 1) times D
# B, squared distances of cumulative shares from their mean, less the noise of small groups, from 0 on
for (factor in factors) {
  w <- told("W", "factor", factor)
  b <- told("B", "factor", factor)
  views <- visible(factor)
  size <- length(views)
  people <- lapply(views, function(view) pmax(raters(view), 20)) # W is shown from 20 on
  if (!is.null(w)) {
    range <- c(0, 0)
    for (at in seq_len(size)) {
      d <- of("D", views[[at]])
      n <- rev(people[[at]])
      range <- range + n / (n - 1) * (as.numeric(d) + c(-1, 1) * moved(d)) / size
    }
    note("rounded", "W", factor, possible(w, range))
  }
  if (!is.null(b)) {
    charts <- lapply(views, charted)
    range <- c(0, 0)
    for (at in seq_len(size)) {
      others <- Reduce(`+`, charts[-at]) / size
      lowest <- (1 - 1 / size) * charts[[at]][, 1] - others[, 2]
      highest <- (1 - 1 / size) * charts[[at]][, 2] - others[, 1]
      apart <- c(sum(pmax(lowest, -highest, 0)^2), sum(pmax(-lowest, highest)^2))
      range <- range + apart - (1 - 1 / size) * rev(colSums(spread(charts[[at]]))) / (people[[at]] - 1)
    }
    note("rounded", "B", factor, possible(b, pmax(4 / nrow(charts[[1]]) / size * range, 0)))
  }
}
for (pair in if (length(agenda) > 1) combn(agenda, 2, simplify = FALSE)) {
  tiers <- lapply(pair, function(factor) told("tier", "factor", factor))
  b <- lapply(pair, function(factor) told("B", "factor", factor))
  if (!same(tiers[[1]], tiers[[2]]) || is.null(b[[1]]) || is.null(b[[2]])) next
  most <- as.numeric(b[[1]]) + moved(b[[1]])
  least <- as.numeric(b[[2]]) - moved(b[[2]])
  note("rounded", "B along the agenda", pair, least <= most + SLACK)
}

titles <- sapply(found, `[[`, 2)
disagrees <- !sapply(found, `[[`, 4)
for (title in unique(titles)) {
  kind <- found[[match(title, titles)]][[1]]
  cat(sprintf("%-8s%-24s%5d checked%5d disagree\n", kind, title, sum(titles == title), sum(disagrees & titles == title)))
}
for (one in found[disagrees]) cat(sprintf("disagrees: %s: %s\n", one[[2]], one[[3]]))
if (!any(disagrees)) cat("All figures agree.\n")
quit(status = if (any(disagrees)) 1 else 0)
