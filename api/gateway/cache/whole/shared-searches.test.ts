import { toSearchFailure } from '@warren/searchdsl/errors'
import { describe, expect, it } from 'vitest'
import { Room } from '../../memory/answer-room.ts'
import { asker } from '../asker.testing.ts'
import { answerOf, byHand, past, textOf, toSearch } from './searches-by-hand.testing.ts'

describe('a search on its way', () => {
  it('lets the others have the answer when the one who asked first leaves', async () => {
    const { asked, answerSearch } = byHand()
    const leader = new AbortController()
    const first = answerSearch(toSearch(past), '_msearch', asker({ signal: leader.signal }))
    const second = answerSearch(toSearch(past), '_msearch', asker())
    leader.abort(new Error('gone'))
    await expect(first).rejects.toThrow('gone')
    expect(asked[0]?.signal.aborted).toBe(false)
    asked[0]?.answer(answerOf(7))
    expect(textOf(await second)).toContain('"value":7')
  })

  it('is given up when the last one has left, and asked anew for who comes then', async () => {
    const { asked, answerSearch } = byHand()
    const leaving = [new AbortController(), new AbortController()]
    const answers = leaving.map(({ signal }) =>
      answerSearch(toSearch(past), '_msearch', asker({ signal })),
    )
    leaving[0]?.abort(new Error('gone'))
    expect(asked[0]?.signal.aborted).toBe(false)
    leaving[1]?.abort(new Error('gone too'))
    await Promise.allSettled(answers)
    expect(asked[0]?.signal.aborted).toBe(true)
    void answerSearch(toSearch(past), '_msearch', asker())
    expect(asked).toHaveLength(2)
  })

  it('has memory of its own until the last who has the answer gives it back', async () => {
    const room = new Room(1e6)
    const { asked, answerSearch } = byHand({ room })
    const leader = new AbortController()
    const own = room.open({ signal: () => leader.signal })
    const first = answerSearch(
      toSearch(past),
      '_msearch',
      asker({ signal: leader.signal, share: own }),
    )
    const others = [1, 2].map(() => answerSearch(toSearch(past), '_msearch', asker()))
    await asked[0]?.share?.take(70_000)
    leader.abort(new Error('gone'))
    own.release()
    await first.catch(() => undefined)
    expect(room.bytes).toBe(70_000)
    asked[0]?.answer()
    const held = (await Promise.all(others)).map(({ answer }) => {
      if ('error' in answer || answer.share === undefined) throw new Error('no answer')
      return { bytes: answer.bytes.length, letGo: answer.share.hold() }
    })
    // What it was made of is gone.
    expect(room.bytes).toBe(held[0]?.bytes)
    held[0]?.letGo()
    expect(room.bytes).toBeGreaterThan(0)
    held[1]?.letGo()
    expect(room.bytes).toBe(0)
  })

  it('gives its memory back where nobody is left, or nothing is to be sent', async () => {
    const room = new Room(1e6)
    const { asked, answerSearch } = byHand({ room })
    const failing = answerSearch(toSearch(past), '_msearch', asker())
    await asked[0]?.share?.take(5000)
    asked[0]?.fail(new Error('away'))
    await failing.catch(() => undefined)
    const refused = answerSearch(toSearch(past), '_msearch', asker())
    await asked[1]?.share?.take(5000)
    asked[1]?.answer(toSearchFailure({ type: 'x', reason: 'busy', status: 429 }))
    await refused
    const leaving = new AbortController()
    const left = answerSearch(toSearch(past), '_msearch', asker({ signal: leaving.signal }))
    await asked[2]?.share?.take(5000)
    leaving.abort(new Error('gone'))
    await left.catch(() => undefined)
    asked[2]?.answer()
    await Promise.resolve()
    await new Promise(setImmediate)
    expect(room.bytes).toBe(0)
  })
})
