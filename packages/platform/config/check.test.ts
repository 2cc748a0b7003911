import { expect, it, vi } from 'vitest'
import { parseTree } from './check.ts'

const failureOf = (text: string): string => {
  try {
    parseTree(text, 'agent.yaml', { title: 'invalid configuration' })
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('BUG: it is no YAML')
}

it.each([
  'amqpUrl: @hunter2',
  'amqpUrl: `hunter2`',
  'amqpUrl: %hunter2: x: y',
  'amqpUrl: *hunter2',
  'amqpUrl: !hunter2',
  'amqpUrl: &hunter2 *hunter3',
  'amqpUrl: "amqps://agent:\\hunter2@broker"',
  'amqpUrl: [hunter2',
])('of %s it tells the place and not the text, which may be a secret', (line) => {
  const warned = vi.spyOn(process, 'emitWarning')
  const message = failureOf(`host: a\n${line}\n`)
  expect(warned).not.toHaveBeenCalled()
  expect(message).toMatch(/agent\.yaml: line [23], column \d+: /)
  expect(message).toContain('it is no YAML')
  expect(message).not.toContain('hunter2')
})

it('says where and which mistake it is', () => {
  expect(failureOf('host: a\namqpUrl: @x\n')).toContain(
    'line 2, column 10: it is no YAML (BAD_SCALAR_START)',
  )
})

it('gives up on aliases that make much of little', () => {
  const lists = Array.from({ length: 9 }, (_, at) => {
    const inner = at === 0 ? 'x' : `*a${at - 1}`
    return `a${at}: &a${at} [${Array.from({ length: 9 }, () => inner).join(', ')}]`
  })
  expect(failureOf(lists.join('\n'))).toContain('its aliases make too much of it')
})
