import { messageTag } from '../wire/field-cursor.ts'
import type { Kind, PointLine } from './point-lines.ts'
import type { MessageShape } from './protobuf.ts'
import { pointShapes } from './shapes.ts'

/** The tag that tells the lines of one point apart. */
export type OwnTag = NonNullable<PointLine['tag']>[0]

/** How points of a kind are read from bytes. */
export interface PointKind {
  readonly shape: MessageShape
  readonly attributesTag: number
  /** The shape without the attributes. */
  readonly values: MessageShape
  readonly own: OwnTag | undefined
}

function toPointKind(kind: Kind, own?: OwnTag): PointKind {
  const shape = pointShapes[kind]
  const attributes = [...shape].find(([, { name }]) => name === 'attributes')?.[0] ?? 0
  const values = new Map([...shape].filter(([field]) => field !== attributes))
  return { shape, attributesTag: messageTag(attributes), values, own }
}

export const pointKinds: Readonly<Record<Kind, PointKind>> = {
  number: toPointKind('number'),
  histogram: toPointKind('histogram', 'le'),
  exponential: toPointKind('exponential'),
  summary: toPointKind('summary', 'quantile'),
}
