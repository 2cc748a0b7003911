/** Hashes the series of the canonical key `[start, end)` and stores the high half of it at `into`, the low half behind that. */
export declare function hashSeries(start: usize, end: usize, into: usize): void
