import { expect, it } from 'vitest'
import { createVerifiedPasswords } from './verified-passwords.ts'

const pair = { passwordHash: 'phc', password: 'right' }

function setUp() {
  const clock = { now: 0 }
  const asked: string[] = []
  const verified = createVerifiedPasswords(() => clock.now)
  const ask = (password: string, passwordHash = 'phc') =>
    verified.verify({ passwordHash, password }, async () => {
      asked.push(password)
      return password === 'right'
    })
  return { clock, asked, verified, ask }
}

it('remembers a right pair for a minute', async () => {
  const { clock, asked, ask } = setUp()
  expect([await ask('right'), await ask('right')]).toEqual([true, true])
  expect(asked).toHaveLength(1)
  clock.now = 60_000
  await ask('right')
  expect(asked).toHaveLength(2)
})

it('forgets a wrong one at once, so that each attempt counts', async () => {
  const { asked, ask } = setUp()
  expect([await ask('wrong'), await ask('wrong')]).toEqual([false, false])
  expect(asked).toHaveLength(2)
})

it('asks a burst of equal questions once', async () => {
  const { asked, ask } = setUp()
  await Promise.all(Array.from({ length: 40 }, () => ask('right')))
  expect(asked).toHaveLength(1)
})

it('knows nothing of a changed password', async () => {
  const { asked, ask } = setUp()
  await ask('right')
  await ask('right', 'another phc')
  expect(asked).toHaveLength(2)
})

it('does not keep a question that failed', async () => {
  const { verified, ask } = setUp()
  const failing = verified.verify(pair, () => Promise.reject(new Error('limit')))
  await expect(failing).rejects.toThrow('limit')
  expect(await ask('right')).toBe(true)
})
