import { escapeTag } from '@warren/lineprotocol/escape'
import type { AttributeAt, PointAttributes } from './point-attributes.ts'
import type { OwnTag } from './point-kinds.ts'
import { type Tags, toTagName } from './tags.ts'

/** A tag whose value is not the same in all lines. */
interface TagSlot {
  /** The tags that stand before it and are the same in all lines: `,name=value…` */
  readonly before: Uint8Array
  /** `,name=` */
  readonly name: Uint8Array
  /** Which attribute of the point has the value; `ownValue`: the line itself. */
  readonly from: number
}

export const ownValue = -1

/** Where the tags of points stand that have attributes of the same names in the same order. */
export interface TagLayout {
  /** The names as they are sent. */
  readonly names: readonly Uint8Array[]
  readonly own: OwnTag | undefined
  /** In the order of the line, which is that of the tags' names. */
  readonly slots: readonly TagSlot[]
  /** Behind the last slot. */
  readonly after: Uint8Array
}

function isName(body: Buffer, { keyStart, keyEnd }: AttributeAt, name: Uint8Array): boolean {
  if (keyEnd - keyStart !== name.length) return false
  for (let at = 0; at < name.length; at += 1) if (body[keyStart + at] !== name[at]) return false
  return true
}

function fits({ names }: TagLayout, { body, list, count }: PointAttributes): boolean {
  if (names.length !== count) return false
  for (let at = 0; at < count; at += 1)
    if (!isName(body, list[at] as AttributeAt, names[at] as Uint8Array)) return false
  return true
}

/** By the names of the tags: a value that is known, or where it comes from. */
function placesOf(common: Tags, names: readonly string[], own: OwnTag | undefined) {
  const places = new Map<string, string | number>(Object.entries(common))
  for (const [at, name] of names.entries()) places.set(toTagName(name), at)
  if (own !== undefined) places.set(own, ownValue)
  return places
}

function layOut(
  common: Tags,
  { body, list, count }: PointAttributes,
  own: OwnTag | undefined,
): TagLayout {
  const names = list
    .slice(0, count)
    .map(({ keyStart, keyEnd }) => Buffer.from(body.subarray(keyStart, keyEnd)))
  const places = placesOf(common, names.map(String), own)
  const slots: TagSlot[] = []
  let before = ''
  for (const name of [...places.keys()].sort()) {
    const from = places.get(name)
    if (name === '' || from === '') continue
    const prefix = `,${escapeTag(name)}=`
    if (typeof from === 'number') {
      slots.push({ before: Buffer.from(before), name: Buffer.from(prefix), from })
      before = ''
    } else if (escapeTag(from as string) !== '') before += prefix + escapeTag(from as string)
  }
  return { names, own, slots, after: Buffer.from(before) }
}

/** Points of one metric mostly have the names of the one before; those of one library have few different ones. */
const maxLayouts = 32

export function createLayouts(common: Tags) {
  let layouts: TagLayout[] = []
  let last: TagLayout | undefined
  return {
    of: (attributes: PointAttributes, own: OwnTag | undefined): TagLayout => {
      if (last !== undefined && last.own === own && fits(last, attributes)) return last
      last = layouts.find((layout) => layout.own === own && fits(layout, attributes))
      if (last !== undefined) return last
      if (layouts.length === maxLayouts) layouts = []
      last = layOut(common, attributes, own)
      layouts.push(last)
      return last
    },
  }
}

export type Layouts = ReturnType<typeof createLayouts>
