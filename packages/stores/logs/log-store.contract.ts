import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inPieces } from '../testing.ts'
import type { LogStore } from './log-store.ts'
import { idOf, numbered, searchOf, type TestRecord, toBatch } from './testing.ts'

/** One running back end and ways to a store on it. */
export interface LogStoreHarness {
  /** Another process would see the same data. */
  open(): Promise<LogStore>
  /** Makes what is stored searchable now. */
  refresh(): Promise<void>
  /** Where streams can roll over: makes this one. */
  rollover?(stream: string): Promise<void>
  stop(): Promise<void>
}

/** The behaviour every log store owes; each store's test runs it on the real thing. */
export function logStoreContract(name: string, start: () => Promise<LogStoreHarness>) {
  describe(`${name} keeps the log store contract`, () => {
    let harness: LogStoreHarness
    let store: LogStore
    beforeAll(async () => {
      harness = await start()
      store = await harness.open()
    })
    afterAll(async () => {
      await store.close()
      await harness.stop()
    })

    const newTenant = () => `t${randomBytes(8).toString('hex')}`
    const write = (tenant: string, records: readonly TestRecord[]) =>
      store.write(toBatch(tenant, records))
    const idsOf = async (tenant: string) => {
      await harness.refresh()
      const { hits } = await searchOf(store, { tenant })
      return hits.hits.map((hit) => hit._id)
    }
    const ids = (records: readonly TestRecord[]) => records.map(({ id }) => id)

    it('accepts an empty batch', async () => {
      expect(await write(newTenant(), [])).toEqual({ refused: [] })
    })

    it('says that it could take a write', async () => {
      await expect(store.check()).resolves.toBeUndefined()
    })

    it('keeps one of a batch written twice', async () => {
      const tenant = newTenant()
      const records = numbered(50)
      expect(await write(tenant, records)).toEqual({ refused: [] })
      expect(await write(tenant, records)).toEqual({ refused: [] })
      expect(await idsOf(tenant)).toEqual(ids(records))
    })

    it('takes pieces as the batch that they make, and reads none that it has released', async () => {
      const tenant = newTenant()
      const records = numbered(500)
      const { batch, released } = inPieces(toBatch(tenant, records))
      expect(await store.write(batch)).toEqual({ refused: [] })
      expect(released()).toBeLessThanOrEqual(1)
      expect(await idsOf(tenant)).toEqual(ids(records))
    })

    it('keeps one of records that come re-batched, reordered and overlapping', async () => {
      const tenant = newTenant()
      const records = numbered(60)
      await write(tenant, records.slice(0, 40))
      await write(tenant, records.slice(20).toReversed())
      await Promise.all([
        write(tenant, [...records.slice(10, 50), ...records.slice(10, 50)]),
        write(tenant, records.slice(0, 30)),
      ])
      expect(await idsOf(tenant)).toEqual(ids(records))
    })

    it('keeps one across processes and restarts', async () => {
      const tenant = newTenant()
      const records = numbered(20)
      await write(tenant, records)
      await store.close()
      store = await harness.open()
      await write(tenant, records)
      await store.close()
      store = await harness.open()
      expect(await idsOf(tenant)).toEqual(ids(records))
    })

    it('keeps one when the stream rolls over between two deliveries', async () => {
      if (harness.rollover === undefined) return
      const tenant = newTenant()
      const records = numbered(30)
      await write(tenant, records.slice(0, 20))
      await harness.rollover(`logs-warren.generic-${tenant}`)
      // This store does not know of the rollover, another one finds it when it opens.
      await write(tenant, records.slice(10, 25))
      await harness.rollover(`logs-warren.generic-${tenant}`)
      const other = await harness.open()
      await other.write(toBatch(tenant, records))
      await other.close()
      expect(await idsOf(tenant)).toEqual(ids(records))
    })

    it('keeps the first of two records with one id', async () => {
      const tenant = newTenant()
      const [record] = numbered(1)
      if (record === undefined) throw new Error('BUG')
      await write(tenant, [{ ...record, message: 'first' }])
      await write(tenant, [{ ...record, message: 'second' }])
      await harness.refresh()
      const { hits } = await searchOf(store, { tenant })
      expect(hits.hits.map((hit) => hit._source?.['message'])).toEqual(['first'])
    })

    it('lets no tenant suppress or see the record of another', async () => {
      const [one, other] = [newTenant(), newTenant()]
      const [record] = numbered(1)
      if (record === undefined) throw new Error('BUG')
      await write(one, [{ ...record, message: 'guessed' }])
      await write(other, [{ ...record, message: 'real' }])
      await harness.refresh()
      const { hits } = await searchOf(store, { tenant: other })
      expect(hits.hits.map((hit) => hit._source?.['message'])).toEqual(['real'])
      expect(hits.hits[0]?._source?.['warren.tenant']).toBe(other)
    })

    it('refuses a record alone and stores its neighbours', async () => {
      const tenant = newTenant()
      const [before, bad, after] = numbered(3)
      if (before === undefined || bad === undefined || after === undefined) throw new Error('BUG')
      const { refused } = await write(tenant, [
        before,
        { ...bad, '@timestamp': 'yesterday' },
        after,
      ])
      expect(refused).toMatchObject([{ index: 1, code: 'bad_timestamp' }])
      expect(refused[0]?.reason).toContain('yesterday')
      expect(await idsOf(tenant)).toEqual([before.id, after.id])
    })

    it.each([
      ['other scripts', 'Zażółć gęślą jaźń 雪 🦫'],
      ['NUL', 'before\0after\0'],
      ['a noncharacter', 'odd \u{10ffff}0 text'],
      ['controls and quotes', 'a\t"b"\\c\u001b[0m\r'],
      ['nothing', ''],
      ['40 KB', 'longword '.repeat(4500)],
      ['one word of 40 KB', 'x'.repeat(40_000)],
    ])('keeps a message with %s', async (what, message) => {
      const tenant = newTenant()
      const record = { id: idOf(what), message }
      expect(await write(tenant, [record])).toEqual({ refused: [] })
      await harness.refresh()
      const { hits } = await searchOf(store, { tenant })
      expect(hits.hits.map((hit) => hit._source?.['message'])).toEqual([message])
    })

    it.each([
      '1970-01-01T00:00:00Z',
      '2100-12-31T23:59:59.999999999Z',
      '2026-03-04T05:06:07.123456789Z',
    ])('keeps the time %s', async (time) => {
      const tenant = newTenant()
      expect(await write(tenant, [{ id: idOf(time), '@timestamp': time }])).toEqual({ refused: [] })
      await harness.refresh()
      const { hits } = await searchOf(store, { tenant })
      const kept = String(hits.hits[0]?._source?.['@timestamp'])
      expect(Date.parse(kept)).toBe(Date.parse(time))
      expect(kept.replace(/\.000Z$/, 'Z')).toBe(time)
    })

    it('gives back every key of a record', async () => {
      const tenant = newTenant()
      const record = {
        id: idOf('full'),
        '@timestamp': '2026-03-04T05:06:07.123456Z',
        observed_timestamp: '2026-03-04T05:06:08.5Z',
        message: 'full',
        'log.level': 'error',
        severity_number: 17,
        'service.name': 'web',
        'host.name': 'h1',
        'agent.id': 'a1',
        deployment: 'd',
        node: 'n',
        instance: 'i',
        'log.file.path': '/var/log/x',
        'log.offset': 2 ** 40,
        'trace.id': 'ab'.repeat(16),
        'span.id': 'cd'.repeat(8),
        'event.dataset': 'nginx',
        attributes: { 'a.b': 'c', number: 1.5, flag: true, '': 'empty' },
      }
      await write(tenant, [record])
      await harness.refresh()
      const { hits } = await searchOf(store, { tenant })
      expect(hits.hits[0]).toMatchObject({ _id: record.id })
      expect(hits.hits[0]?._source).toMatchObject({ ...record, '@timestamp': expect.any(String) })
    })

    it('names the data streams of the tenant alone', async () => {
      const tenant = newTenant()
      expect(await store.streams(tenant)).toEqual([])
      const [a, b] = numbered(2)
      if (a === undefined || b === undefined) throw new Error('BUG')
      await write(tenant, [{ ...a, 'event.dataset': 'nginx' }, b])
      expect(await store.streams(tenant)).toEqual([
        `logs-warren.generic-${tenant}`,
        `logs-warren.nginx-${tenant}`,
      ])
      await harness.refresh()
      const nginx = await searchOf(store, { tenant, streams: [`logs-warren.nginx-${tenant}`] })
      expect(nginx.hits.hits.map((hit) => hit._id)).toEqual([a.id])
    })

    it('names the fields, with the attributes seen', async () => {
      const tenant = newTenant()
      await write(tenant, [{ id: idOf('f'), attributes: { 'http.status': 200 } }])
      await harness.refresh()
      const fields = await store.fields(tenant, await store.streams(tenant))
      expect(fields.get('@timestamp')).toBe('date')
      expect(fields.get('message')).toBe('text')
      expect(fields.get('host.name')).toBe('keyword')
      expect(fields.get('attributes.http.status')).toBe('keyword')
      expect((await store.fields(tenant, [])).size).toBe(0)
    })

    it('answers for no stream and for an unknown one as for an empty index', async () => {
      const tenant = newTenant()
      for (const streams of [[], [`logs-warren.nothing-${tenant}`]]) {
        const answer = await searchOf(store, {
          tenant,
          streams,
          request: {
            aggs: [
              {
                name: 'levels',
                aggregation: {
                  type: 'terms',
                  field: 'log.level',
                  size: 5,
                  order: [{ by: '_count', direction: 'desc' }],
                  minDocCount: 1,
                },
                children: [],
              },
            ],
          },
        })
        expect(answer.hits).toMatchObject({ total: { value: 0, relation: 'eq' }, hits: [] })
        expect(answer.aggregations?.['levels']).toMatchObject({ buckets: [] })
      }
    })

    it('pages with search_after without losing records of one millisecond', async () => {
      const tenant = newTenant()
      const records = numbered(10)
      await write(tenant, records)
      await harness.refresh()
      const seen: string[] = []
      let after: readonly (string | number | boolean | null)[] | undefined
      for (let page = 0; page < 5; page++) {
        const { hits } = await searchOf(store, {
          tenant,
          request: {
            size: 3,
            sort: [{ field: '@timestamp', direction: 'desc' }],
            ...(after && { searchAfter: after }),
          },
        })
        seen.push(...hits.hits.map((hit) => hit._id))
        const last = hits.hits.at(-1)
        if (last === undefined) break
        after = last.sort as readonly (string | number | boolean | null)[]
      }
      expect(seen).toEqual(ids(records).toReversed())
    })

    it('stops a search that is aborted', async () => {
      const tenant = newTenant()
      await write(tenant, numbered(5))
      const abort = new AbortController()
      abort.abort()
      const search = searchOf(store, { tenant, signal: abort.signal })
      await expect(search).rejects.toThrow()
    })

    it('closes twice', async () => {
      const another = await harness.open()
      await another.close()
      await expect(another.close()).resolves.toBeUndefined()
    })
  })
}
