/** Where things stand in the module's memory: all of it is given out here, none grows. Vectors of 16 bytes are read and written whole, so that each part has room for one more behind it. */

const page: usize = 65_536
const spare: usize = 64

/** Of a longer stamp no line is copied. */
export const stampBytes: usize = 1024
export const stampAt: usize = 1024

/** Lines as they came: of a longer body one window after the other. */
export const sourceBytes: usize = 4 * page
export const sourceAt: usize = stampAt + stampBytes + spare

/** Lines as they are copied. */
export const targetBytes: usize = 8 * page
export const targetAt: usize = sourceAt + sourceBytes + spare

/** Where each copied line starts in the target, and where the last one ends, four bytes each. */
export const maxLines: usize = 8192
export const startsAt: usize = targetAt + targetBytes + spare
/** The halves of the hash of each line's series, four bytes each. */
export const seriesAt: usize = startsAt + 4 * (maxLines + 2)

/** The keys of the last line's fields: where they start, and their lengths, four bytes each. */
export const maxFields: i32 = 16
export const fieldStartsAt: usize = seriesAt + 8 * maxLines
export const fieldLengthsAt: usize = fieldStartsAt + 4 * <usize>maxFields

/** Hashes of one line's keys. */
export const lineKeysAt: usize = fieldLengthsAt + 4 * <usize>maxFields

export const maxKeys: i32 = 65_536
export const maxKeyBytes: usize = 252
/** The bytes of the keys that are known, one after the other. */
export const keyBytes: usize = 64 * page
export const keyBytesAt: usize = lineKeysAt + 4 * <usize>maxFields
/** Of each: its stamp, where its bytes start, how many, and the halves of its series' hash, four bytes each. */
export const keyFact: usize = 20
export const keyFactsAt: usize = keyBytesAt + keyBytes + spare
/** Twice the keys, so that a place is found at once. */
export const keyPlaces: i32 = 2 * maxKeys
/** Numbers of keys from 1, by the hash of their bytes; 0 is none. */
export const keyPlacesAt: usize = keyFactsAt + <usize>maxKeys * keyFact

export const end: usize = keyPlacesAt + 4 * <usize>keyPlaces
export const pages: i32 = <i32>((end + page - 1) / page)
