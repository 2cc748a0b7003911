import { genericDataset, isPlainName } from '@warren/contracts/names'

const maxLength = 32

/** A plain name of any text: in lower case, each run of other characters an underscore, cut to what a name may have; the generic one where that is none. */
export function toDataset(text: string): string {
  const name = text
    .slice(0, 256)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .slice(0, maxLength)
    .replace(/^_|_+$/g, '')
  return isPlainName(name) ? name : genericDataset
}
