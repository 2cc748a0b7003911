/** Keys of one line as numbers that differ when the keys do, nearly always. */
export interface PlainKeys {
  source: Uint8Array
  readonly hashes: Int32Array
  count: number
}

const maxKeys = 16

export const createPlainKeys = (): PlainKeys => ({
  source: new Uint8Array(0),
  hashes: new Int32Array(maxKeys),
  count: 0,
})

/** For the next keys, of these bytes. */
export function startKeys(keys: PlainKeys, source: Uint8Array): void {
  keys.source = source
  keys.count = 0
}

const tenantFirst = 0x74
const deploymentFirst = 0x64

/** Notes the key; false when it may be there already, may be one that only Warren sets, is empty, or is one too many. */
export function isNewKey(keys: PlainKeys, start: number, end: number): boolean {
  const { source } = keys
  const length = end - start
  const first = source[start]
  if (length === 0 || keys.count === maxKeys) return false
  if (length === 6 ? first === tenantFirst : length === 10 && first === deploymentFirst)
    return false
  const hash = hashOf(source, start, end)
  const { hashes, count } = keys
  for (let at = 0; at < count; at += 1) if (hashes[at] === hash) return false
  hashes[count] = hash
  keys.count = count + 1
  return true
}

function hashOf(source: Uint8Array, start: number, end: number): number {
  let hash = 0
  for (let at = start; at < end; at += 1) hash = (Math.imul(hash, 31) + (source[at] ?? 0)) | 0
  return hash
}
