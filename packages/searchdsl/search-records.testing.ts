import type { Json } from './answer.ts'

/** A canonical log record (contracts/log-record). */
export interface LogRecordLike {
  readonly id: string
  readonly '@timestamp': string
  readonly message: string
  readonly [field: string]: Json
}

/** 32 hex digits, as every record's id is; rows count from 1. */
export function rowId(row: number): string {
  return row.toString(16).padStart(32, '0')
}

const api = {
  'service.name': 'api',
  'host.name': 'web-1',
  'log.level': 'info',
  deployment: 'shop',
  node: 'web',
  instance: 'web_1',
  'event.dataset': 'nginx',
}
const db = {
  'service.name': 'db',
  'host.name': 'db-1',
  'log.level': 'error',
  deployment: 'shop',
  node: 'db',
  instance: 'db_1',
  'event.dataset': 'postgres',
}
const worker = {
  'service.name': 'worker',
  'host.name': 'web-2',
  'log.level': 'warn',
  deployment: 'batch',
}

type Row = (number: number) => LogRecordLike

const firstMs = Date.UTC(2026, 2, 4, 5)

/** An hour apart, some a millisecond off. */
function row(message: string, more: Readonly<Record<string, Json>> = {}): Row {
  return (number) => ({
    id: rowId(number),
    '@timestamp': new Date(firstMs + (number - 1) * 3_600_000 + ((number - 1) % 3)).toISOString(),
    message,
    ...more,
  })
}

const rows: readonly Row[] = [
  row('Connection refused by upstream', { ...api, 'log.level': 'error', severity_number: 17 }),
  row('connection accepted from 10.0.0.1', { ...api, severity_number: 9 }),
  row('The connection was refused', { ...db, severity_number: 17 }),
  row('refused connection', { ...worker, severity_number: 13 }),
  row('CONNECTION  REFUSED: retrying in 5s', { ...worker, severity_number: 13 }),
  row('GET /api/v1/users?id=42 200 12ms', {
    ...api,
    attributes: { status: 200, path: '/api/v1/users', method: 'GET', cached: true },
  }),
  row('GET /api/v2/users 404 3ms', {
    ...api,
    attributes: { status: 404, path: '/api/v2/users', method: 'GET', cached: false },
  }),
  row('POST /api/v1/orders 500 1200ms', {
    ...api,
    'log.level': 'error',
    attributes: { status: 500, path: '/api/v1/orders', method: 'POST' },
  }),
  row('POST /api/v1/orders 503 30000ms', {
    ...api,
    'log.level': 'Error',
    attributes: { status: 503, path: '/api/v1/orders', method: 'POST' },
  }),
  row('health check ok', { ...api, 'host.name': 'web-2', attributes: { path: '/health' } }),
  row('user=alice action=login result=ok', { ...api }),
  row('user=bob action=login result=failed', { ...api, 'log.level': 'warn' }),
  row('user=alice action=logout', { ...api }),
  row('disk usage 91.5% on /dev/sda1', {
    ...worker,
    'host.name': 'srv-1',
    'log.file.path': '/var/log/disk.log',
    'log.offset': 0,
  }),
  row('disk usage 1,024 MB', {
    ...worker,
    'host.name': 'srv-2',
    'log.file.path': '/var/log/disk.log',
    'log.offset': 120,
  }),
  row('version 1.2.3 started', { ...api, 'log.file.path': '/var/log/app.log', 'log.offset': 4096 }),
  row('version 1.2.30 started', {
    ...api,
    'log.file.path': '/var/log/app.log',
    'log.offset': 8192,
  }),
  row("it's a trap: don't panic", { ...worker }),
  row('mail to john.doe@example.com bounced', { ...worker }),
  row('snake_case_name and kebab-case-name', { ...worker }),
  row('java.lang.NullPointerException at com.example.Foo.bar(Foo.java:42)', {
    ...api,
    'log.level': 'fatal',
    severity_number: 21,
    'trace.id': '4bf92f3577b34da6a3ce929d0e0e4736',
    'span.id': '00f067aa0ba902b7',
  }),
  row('C:\\Windows\\System32 not found', { ...worker, 'log.file.path': 'C:\\Windows\\System32' }),
  row('<b>bold</b> & co', { ...worker }),
  row('Größe der Straße überschritten', { ...worker, 'host.name': 'münchen' }),
  row('テスト 名前 日本語', { ...worker, 'service.name': 'テスト' }),
  row('fire 🔥 in the hole', { ...worker }),
  row('ошибка соединения', { ...worker }),
  row('key:value pairs a:b', { ...worker }),
  row('timeout after 30s waiting for lock', { ...db, 'log.level': 'warn', severity_number: 13 }),
  row('lock timeout', { ...db, severity_number: 17 }),
  row('deadlock detected; lock released', { ...db, severity_number: 17 }),
  row('', { 'service.name': 'empty', 'host.name': 'srv-3' }),
  row('--- !!! ---', {
    'service.name': 'empty',
    'host.name': 'srv-3',
    'log.level': 'debug',
    severity_number: 5,
  }),
  row('AND OR NOT are words', { ...worker, 'log.level': 'very bad' }),
  row('error', { 'log.level': 'error', severity_number: 17 }),
  row('errors occurred', { 'log.level': 'error', severity_number: 18 }),
  row('no problem here', {
    'log.level': 'info',
    severity_number: 9,
    attributes: { note: 'error', 'user.id': 'u-7', 'app/name': 'x' },
  }),
  row('Error: error error ERROR', { 'log.level': 'error', severity_number: 17 }),
  row('x'.repeat(300), { 'host.name': 'srv-1' }),
  row('trailing dot. next,word', { 'host.name': 'srv-1', 'agent.id': 'a-1' }),
  row('tab\tand\nnewline', { 'host.name': 'srv-1', 'agent.id': 'a-2', 'log.level': '' }),
  row('job 7 finished in 0.25 s', { ...worker, 'agent.id': 'a-10', severity_number: 9 }),
  row('job 8 finished in 12 s', { ...worker, 'agent.id': 'a-2', severity_number: 10 }),
  row('job 9 failed', { ...worker, 'log.level': 'error', 'agent.id': 'a-3', severity_number: 17 }),
]

export const searchRecords: readonly LogRecordLike[] = rows.map((make, at) => make(at + 1))
