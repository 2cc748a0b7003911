import { expect, it } from 'vitest'
import { createProgress } from './progress.ts'

it('ticks off what is there, and says what is lacking of what is not', async () => {
  const lines: string[] = []
  const progress = createProgress((line) => lines.push(line))
  await progress.step('stores', async () => 1)
  await progress.step(
    'RabbitMQ',
    async () => false,
    (isThere) => (isThere ? undefined : 'not reachable yet'),
  )
  await expect(
    progress.step('catalog', async () => {
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  expect(lines.map((line) => line.replace(/\d\.\d s/, 'T'))).toEqual([
    '  … stores',
    '  ✓ stores (T)',
    '  … RabbitMQ',
    '  ! RabbitMQ: not reachable yet',
    '  … catalog',
    '  ✗ catalog (T)',
  ])
})
