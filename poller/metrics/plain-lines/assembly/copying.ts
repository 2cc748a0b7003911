/** What is copied next, and where to; both move on together, but for what is left out or put between. */
export let from: usize = 0
export let to: usize = 0
/** Where the line in hand must have ended. */
export let lineEnd: usize = 0

export function startAt(source: usize, target: usize, end: usize): void {
  from = source
  to = target
  lineEnd = end
}

/** Moves past bytes that are in the target already. */
export function pass(bytes: usize): void {
  from += bytes
  to += bytes
}

/** Past bytes of the source that are left out. */
export function leaveOut(bytes: usize): void {
  from += bytes
}

export function copyByte(byte: u8): void {
  store<u8>(to, byte)
  from += 1
  to += 1
}

/** Copies as many bytes if they are those that stand at `known`, sixteen at a time; else nothing has moved, and what was written means nothing. */
export function copySame(known: usize, length: usize): bool {
  for (let at: usize = 0; at < length; at += 16) {
    const bytes = v128.load(from + at)
    v128.store(to + at, bytes)
    let same = i8x16.bitmask(i8x16.eq(bytes, v128.load(known + at)))
    const left = length - at
    if (left < 16) same |= -1 << (<i32>left)
    if ((same & 0xffff) !== 0xffff) return false
  }
  pass(length)
  return true
}

/** Puts bytes between. */
export function put(bytes: usize, length: usize): void {
  for (let at: usize = 0; at < length; at += 16) v128.store(to + at, v128.load(bytes + at))
  to += length
}

/** A bit for each of the sixteen bytes that is a decimal digit, the first one lowest. */
function digitsIn(bytes: v128): i32 {
  return i8x16.bitmask(i8x16.le_u(i8x16.sub(bytes, i8x16.splat(0x30)), i8x16.splat(9)))
}

/** Copies digits up to what is none, and says how many; where the line ends they end as well. */
export function copyDigits(): usize {
  const first = from
  while (from < lineEnd) {
    const bytes = v128.load(from)
    v128.store(to, bytes)
    const count = <usize>ctz(~digitsIn(bytes))
    pass(count)
    if (count < 16) break
  }
  return from - first
}

/** A bit for each byte that ends a word or has another meaning: controls and space, and `"`, `,`, `=`, `\`. */
function stopsIn(bytes: v128): i32 {
  let stops = i8x16.le_u(bytes, i8x16.splat(0x20))
  stops = v128.or(stops, i8x16.eq(bytes, i8x16.splat(0x22)))
  stops = v128.or(stops, i8x16.eq(bytes, i8x16.splat(0x2c)))
  stops = v128.or(stops, i8x16.eq(bytes, i8x16.splat(0x3d)))
  return i8x16.bitmask(v128.or(stops, i8x16.eq(bytes, i8x16.splat(0x5c))))
}

/** Copies what is no stop, and says how many bytes. */
export function copyWord(): usize {
  const first = from
  while (from < lineEnd) {
    const bytes = v128.load(from)
    v128.store(to, bytes)
    const stops = stopsIn(bytes)
    if (stops !== 0) {
      pass(<usize>ctz(stops))
      break
    }
    pass(16)
  }
  return from - first
}

/** How many bytes from here are no space; `most` where that is not known to be fewer. */
export function bytesToSpace(most: usize): usize {
  const spaces = i8x16.splat(0x20)
  for (let at: usize = 0; at < most; at += 16) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(from + at), spaces))
    if (found !== 0) return min(most, at + <usize>ctz(found))
  }
  return most
}
