import { influx2 } from '@warren/stores/metrics/influx2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestApi, type TestApi } from '../../testing.ts'
import { type Recorder, startRecorder } from '../flux/recorder.testing.ts'
import { classOf } from './influxdb-classes.ts'
import { errorIn, type Row, readRows, sendRow } from './influxdb-rows.testing.ts'

const rows = readRows(String(process.env['WARREN_SHARED']), 'warren')
  .filter(({ path }) => path === '/api/v2/query')
  .map((row) => ({ ...row, expected: classOf(row) }))
const ofClass = (kind: 'rebuilt' | 'refused') =>
  rows.filter(({ expected }) => expected.kind === kind)

let recorder: Recorder
let test: TestApi
let authorization: string
beforeAll(async () => {
  recorder = await startRecorder()
  const { url } = recorder
  const settings = { url, token: 'w', org: 'ours', readTokens: { default: 'r' } }
  const metricStore = await influx2.create(influx2.settings.parse(settings), { dataDir: '' })
  test = await openTestApi({}, { metricStore })
  authorization = `Token ${await test.tokenOf('viewer')}`
  recorder.answer = (response) => response.writeHead(200).end(csv)
})
afterAll(async () => {
  await test.close()
  await recorder.close()
})

const csv = '#datatype,string,long,double\r\n,result,table,_value\r\n,,0,1.5\r\n\r\n'

const ask = (row: Row) => sendRow(`${test.api.url}/gateway/influxdb`, row, { authorization })
const programOf = ({ body }: { readonly body: string }): string =>
  (JSON.parse(body) as { query: string }).query

/** What stays of a program however it is laid out: blanks within texts stay too, since both sides lose them alike. */
const tokensOf = (program: string): string =>
  program.replace(/^\s*\/\/[^\n]*$/gm, '').replace(/\s+/g, '')

describe('what Grafana asks in Flux', () => {
  it.each(ofClass('rebuilt'))('$id $note: rebuilt, and the answer passed on', async (row) => {
    const program = programOf(row)
    expect(await ask(row)).toEqual({ status: 200, text: csv })
    const sent = programOf({ body: recorder.requests.at(-1)?.body ?? '' })
    const own = tokensOf(program).replaceAll('bucket:"warren"', 'bucket:"warren_default"')
    if (program.includes('buckets()')) {
      expect(sent).toMatch(/^import "array"\narray\.from\(rows: \[\{name: "warren", /)
      expect(tokensOf(sent).endsWith(own.replace('buckets()', ''))).toBe(true)
    } else expect(tokensOf(sent)).toBe(own)
  })

  it.each(ofClass('refused'))('$id $note: refused, because of $expected.when', async (row) => {
    const asked = recorder.requests.length
    const ours = await ask(row)
    expect([400, 403, 404]).toContain(ours.status)
    expect(errorIn(ours)).toMatch(row.expected.kind === 'refused' ? row.expected.text : '')
    expect(recorder.requests.length).toBe(asked)
  })
})
