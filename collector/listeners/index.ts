export { gelf } from './gelf.ts'
export { graphite } from './graphite.ts'
export { statsd } from './statsd.ts'
export { syslog } from './syslog.ts'
