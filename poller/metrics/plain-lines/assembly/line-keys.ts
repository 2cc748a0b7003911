import { from } from './copying'
import { lineKeysAt, maxFields } from './layout'

let count: i32 = 0

/** For the keys of the next line. */
export function startKeys(): void {
  count = 0
}

const tenantFirst: u8 = 0x74
const deploymentFirst: u8 = 0x64

/** Notes the key that was copied last; false when it may be there already, may be one that only Warren sets, is empty, or is one too many. */
export function isNewKey(length: usize): bool {
  const start = from - length
  const first = load<u8>(start)
  if (length === 0 || count === maxFields) return false
  if (length === 6 ? first === tenantFirst : length === 10 && first === deploymentFirst)
    return false
  let hash: i32 = 0
  for (let at = start; at < from; at += 1) hash = hash * 31 + load<u8>(at)
  for (let at: i32 = 0; at < count; at += 1)
    if (load<i32>(lineKeysAt + 4 * at) === hash) return false
  store<i32>(lineKeysAt + 4 * count, hash)
  count += 1
  return true
}
