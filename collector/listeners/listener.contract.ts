import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { WarrenError } from '@warren/platform/errors'
import { Registry } from 'prom-client'
import { describe, expect, onTestFinished, test } from 'vitest'
import { listenersSchema } from '../listening/entry.ts'
import { startListeners } from '../listening/start-listeners.ts'
import {
  dial,
  host,
  log,
  type Opened,
  type Opening,
  openTestListener,
  patience,
  testLimits,
  write,
} from '../listening/testing.ts'

/** What the contract must know of a protocol. */
export interface ListenerSample {
  readonly type: string
  /** A whole message, without what ends it. */
  readonly message: (word: string) => string
  /** Ends a message of a stream. */
  readonly end: string
  /** Part of the line that such a message makes. */
  readonly line: (word: string) => string
}

async function sendDatagrams(port: number, datagrams: readonly (string | Buffer)[]): Promise<void> {
  const socket = createSocket('udp4')
  for (const datagram of datagrams)
    await new Promise<void>((resolve) => socket.send(datagram, port, host, () => resolve()))
  socket.close()
}

/** The same on every run: xorshift. */
function rubbish(bytes: number, seed: number): Buffer {
  let state = seed
  const next = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state & 0xff
  }
  return Buffer.from(Array.from({ length: bytes }, next))
}

/** What every listener owes, over real sockets. */
export function describeListener({ type, message, end, line }: ListenerSample): void {
  describe(type, () => {
    const arrives = (opened: Opened, word: string) =>
      expect.poll(opened.text, patience).toContain(line(word))
    /** A listener that adds values up shall not do so for long. */
    const quick = type === 'statsd' ? { flushMs: 100 } : {}
    const start = (opening: Opening = {}) =>
      openTestListener(type, { ...opening, settings: { ...quick, ...opening.settings } })

    test('takes datagrams and streams, of the tenant and deployment that are configured', async () => {
      const opened = await start({ settings: { tenant: 'acme', deployment: 'shop.eu' } })
      await sendDatagrams(opened.port, [message('alpha')])
      const socket = await dial(opened.port)
      await write(socket, `${message('beta')}${end}${message('gamma')}${end}`)
      for (const word of ['alpha', 'beta', 'gamma']) await arrives(opened, word)
      expect(new Set(opened.bodies.map(({ key }) => key))).toEqual(new Set(['acme.shop%2Eeu.-']))
      expect(opened.listeners.health()).toMatchObject([
        { part: `collector/${type}:0`, state: 'green' },
      ])
    })

    test('goes on after rubbish', async () => {
      const opened = await start()
      const sizes = [1, 2, 11, 12, 13, 100, 1_400, 9_000]
      await sendDatagrams(
        opened.port,
        sizes.flatMap((size) => [rubbish(size, size + 1), Buffer.from([0x1e, 0x0f, size])]),
      )
      const socket = await dial(opened.port)
      for (const size of sizes) await write(socket, rubbish(size, size + 7))
      socket.end()
      const good = await dial(opened.port)
      await write(good, `${message('after')}${end}`)
      await sendDatagrams(opened.port, [message('later')])
      await arrives(opened, 'after')
      await arrives(opened, 'later')
    })

    test('holds no more of a message than is allowed, and goes on behind it', async () => {
      const opened = await start({ settings: { maxMessageBytes: 1_024 } })
      const socket = await dial(opened.port)
      const long = message('x'.repeat(3_000_000))
      await write(socket, `${long}${end}${message('behind')}${end}`)
      await sendDatagrams(opened.port, [message('y'.repeat(20_000)), message('next')])
      await arrives(opened, 'behind')
      await arrives(opened, 'next')
      expect(opened.text().length).toBeLessThan(10_000)
    })

    test('serves others while one sends byte by byte', async () => {
      const opened = await start()
      const slow = await dial(opened.port)
      slow.setNoDelay(true)
      for (const byte of Buffer.from(message('slow'))) await write(slow, Buffer.from([byte]))
      const quickOne = await dial(opened.port)
      await write(quickOne, `${message('quick')}${end}`)
      await arrives(opened, 'quick')
      expect(opened.text()).not.toContain(line('slow'))
      await write(slow, end)
      await arrives(opened, 'slow')
    })

    test('has no more connections than are allowed', async () => {
      const opened = await start({ settings: { maxConnections: 3 } })
      const few = await Promise.all([1, 2, 3].map(() => dial(opened.port)))
      await write(few[0] as Socket, `${message('warm')}${end}`)
      await arrives(opened, 'warm')
      const more = await Promise.all([1, 2, 3].map(() => dial(opened.port)))
      await Promise.all(more.map((one) => (one.closed ? undefined : once(one, 'close'))))
      expect(await opened.lost('refused')).toBe(3)
      await write(few[2] as Socket, `${message('kept')}${end}`)
      await arrives(opened, 'kept')
      few[0]?.destroy()
      await expect
        .poll(async () => {
          const again = await dial(opened.port)
          await write(again, `${message('again')}${end}`)
          return opened.text()
        }, patience)
        .toContain(line('again'))
    })

    test('takes the last message of a sender that ends the stream, and none of one that breaks off', async () => {
      const opened = await start()
      const ending = await dial(opened.port)
      ending.end(message('last'))
      await once(ending, 'close')
      await arrives(opened, 'last')
      const breaking = await dial(opened.port)
      await write(breaking, `${message('whole')}${end}${message('part')}`)
      await arrives(opened, 'whole')
      breaking.resetAndDestroy()
      await expect.poll(() => opened.lost('incomplete'), patience).toBe(1)
      await opened.listeners.close()
      expect(opened.text()).not.toContain(line('part'))
    })

    test('takes what has come when it closes', async () => {
      const opened = await start()
      const words = Array.from({ length: 200 }, (_, at) => `w${at}z`)
      await sendDatagrams(
        opened.port,
        words.map((word) => message(`u${word}`)),
      )
      const socket = await dial(opened.port)
      await write(socket, words.map((word) => `${message(`t${word}`)}${end}`).join(''))
      await opened.listeners.close()
      for (const word of words) {
        expect(opened.text()).toContain(line(`u${word}`))
        expect(opened.text()).toContain(line(`t${word}`))
      }
      expect(await opened.lost()).toBe(0)
      await expect(dial(opened.port)).rejects.toThrow(/ECONNREFUSED/)
    })

    test('says that its port is taken, and opens when it is free; starts again on the same port', async () => {
      const first = await start()
      const second = startListeners({
        entries: listenersSchema.parse([{ type, port: first.port, transports: ['udp', 'tcp'] }]),
        outgoing: { publish: async () => undefined },
        ...{ limits: testLimits(), log, registry: new Registry() },
      })
      onTestFinished(() => second.close())
      const health = () => second.health()[0]
      await expect.poll(() => health()?.reason, patience).toContain('is taken by another program')
      expect(health()).toMatchObject({ state: 'red', part: `collector/${type}:${first.port}` })
      await first.listeners.close()
      await expect.poll(() => health()?.state, patience).toBe('green')
    })

    test('keeps what the broker does not take, and sends it under one id', async () => {
      let isAway = true
      let tries = 0
      const opened = await start({
        publish: async () => {
          tries += 1
          if (isAway) throw new WarrenError('no broker', { code: 'away', disposition: 'retry' })
        },
      })
      const socket = await dial(opened.port)
      await write(socket, `${message('patient')}${end}`)
      await expect.poll(() => tries, patience).toBeGreaterThan(1)
      expect(opened.listeners.health()[0]).toMatchObject({ state: 'yellow' })
      expect(opened.listeners.health()[0]?.reason).toContain('no broker')
      isAway = false
      await arrives(opened, 'patient')
      expect(opened.text().split(line('patient'))).toHaveLength(2)
      expect(await opened.lost()).toBe(0)
    })
  })
}
