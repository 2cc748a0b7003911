/** Bounds of one request; what a dashboard sends stays far below them. */
export const limits = {
  bodyBytes: 4 * 1024 * 1024,
  searchesPerBody: 100,
  jsonDepth: 60,
  /** Of all searches of a body: texts, numbers, lists and objects. */
  jsonValues: 300_000,
  queryDepth: 20,
  /** Leaves and bools of one search, but for exact values. */
  clauses: 1024,
  /** Exact values of one search, as those of a variable: Elasticsearch's `index.max_terms_count`. */
  values: 65_536,
  /** Of one phrase, or one text of which any or all words are looked for: a long log line, taken whole, has some hundred. */
  words: 4096,
  /** Prefixes, wildcards and regular expressions cost a pass over the terms each. */
  patterns: 50,
  patternLength: 1000,
  /** The same with its repetitions written out, as RE2 compiles it. */
  expandedPattern: 4000,
  /** Those of all different regular expressions of a body together: compiling them takes time in proportion, before anything is charged. */
  expandedPatterns: 16 * 1024,
  /** Of one `query_string`: words, phrases, patterns and ranges; values of one field that stand for each other are one. */
  luceneClauses: 50,
  luceneLength: 1024 * 1024,
  /** Words and operators of all query texts of a body: a value of a variable is two or four, `"a" OR` or `field:"a" OR`. */
  luceneTokens: 300_000,
  termsValues: 65_536,
  aggregations: 100,
  aggregationDepth: 10,
  /** Of `bucket_script` and `moving_fn`. */
  scriptLength: 1000,
  scriptDepth: 30,
  /** Values that a moving function looks back on. */
  window: 1000,
  /** Keys of one order: each is worked out for every match. */
  sortFields: 32,
  /** Percents of one `percentiles`, and fields of one `top_metrics`: each bucket has them. */
  valuesPerMetric: 100,
  /** Index expressions of one search, and patterns of one `_field_caps`. */
  names: 1000,
  /** Of one search's index expressions, as `{now/d}`: each is worked out. */
  indexDates: 100,
  /** Elasticsearch's `index.max_result_window`. */
  resultWindow: 10_000,
  /** Elasticsearch's `search.max_buckets`. */
  buckets: 65_536,
  /** What `track_total_hits: true` counts up to. */
  trackedHits: 1_000_000,
  /** Live buckets before the smallest are cut, and values kept for percentiles and cardinality: what bounds memory. */
  liveBuckets: 200_000,
  keptValues: 4_000_000,
  /** Different values of one cardinality that are counted exactly, Elasticsearch's largest `precision_threshold`, and what they may take: 40,000 of 70 characters, 2,700 of 1,500. */
  exactCardinality: 40_000,
  exactCardinalityBytes: 8 * 1024 * 1024,
  /** What those of all of one search take before each is estimated as soon as that takes less: 400,000 trace ids. */
  exactCardinalitiesBytes: 400_000 * 128,
} as const
