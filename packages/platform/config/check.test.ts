import { expect, it } from 'vitest'
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
  'amqpUrl: "amqps://agent:\\hunter2@broker"',
  'amqpUrl: [hunter2',
])('of %s it tells the place and not the text, which may be a secret', (line) => {
  const message = failureOf(`host: a\n${line}\n`)
  expect(message).toContain('agent.yaml: ')
  expect(message).toContain('it is no YAML')
  expect(message).not.toContain('hunter2')
})

it('says where and which mistake it is', () => {
  expect(failureOf('host: a\namqpUrl: @x\n')).toContain(
    'line 2, column 10: it is no YAML (BAD_SCALAR_START)',
  )
})
