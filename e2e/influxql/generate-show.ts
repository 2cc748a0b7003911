import type { Random } from '../random.ts'
import { ident, text } from './clauses.ts'
import { shapes } from './dataset.ts'

export function show(random: Random): string {
  const shape = random.pick(shapes)
  const from = random.weighted([
    [4, ''],
    [4, ` FROM ${ident(shape.name)}`],
    [1, ' FROM /c|m/'],
  ])
  const keys = Object.keys(shape.tags)
  const tag = keys.length === 0 ? 'host' : random.pick(keys)
  const where = random.chance(0.3)
    ? ` WHERE ${ident(tag)} ${random.pick(['=', '!='])} ${text(random.pick([...(shape.tags[tag] ?? []), 'a']))}`
    : ''
  const page = random.chance(0.3)
    ? ` LIMIT ${random.int(1, 5)}${random.chance(0.5) ? ` OFFSET ${random.int(0, 3)}` : ''}`
    : ''
  const withKey = random.pick([
    `WITH KEY = ${ident(tag)}`,
    `WITH KEY != ${ident(tag)}`,
    'WITH KEY =~ /o/',
    'WITH KEY IN (host, region)',
  ])
  const exact = random.pick([' EXACT', ''])
  return random.pick([
    `SHOW MEASUREMENTS${random.pick(['', ' WITH MEASUREMENT =~ /c|e/', ' WITH MEASUREMENT = cpu'])}${where}${page}`,
    `SHOW TAG KEYS${from}${where}${page}`,
    `SHOW TAG VALUES${from} ${withKey}${where}${page}`,
    `SHOW TAG VALUES${from} ${withKey}${where}${page}`,
    `SHOW FIELD KEYS${from}${page}`,
    `SHOW SERIES${from}${where}${page}`,
    `SHOW SERIES EXACT CARDINALITY${from}${where}`,
    `SHOW MEASUREMENT EXACT CARDINALITY${where}`,
    `SHOW TAG KEY${exact} CARDINALITY${from}${where}`,
    `SHOW TAG VALUES${exact} CARDINALITY${from} ${withKey}${where}`,
    `SHOW FIELD KEY${exact} CARDINALITY${from}`,
    `SHOW MEASUREMENT CARDINALITY`,
    `SHOW SERIES CARDINALITY`,
  ])
}
