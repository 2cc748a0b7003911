import type { Health } from './http/status.ts'

/** The Elasticsearch that Warren speaks like, to who asks and to who sends. */
const version = '8.19.0'

/** `GET /`: clients look at the version, the tagline and the product header. */
export const clusterInfo = {
  name: 'warren',
  cluster_name: 'warren',
  cluster_uuid: 'warren',
  version: {
    number: version,
    build_flavor: 'default',
    build_type: 'docker',
    build_hash: '0000000000000000000000000000000000000000',
    build_date: '2025-07-23T22:10:18.138215839Z',
    build_snapshot: false,
    lucene_version: '9.12.2',
    minimum_wire_compatibility_version: '7.17.0',
    minimum_index_compatibility_version: '7.0.0',
  },
  tagline: 'You Know, for Search',
} as const

/** `GET /_cluster/health`: the state of what answers, nothing about its machines. */
export const clusterHealth = (state: Health['state']) => ({
  cluster_name: 'warren',
  status: state,
  timed_out: false,
  number_of_nodes: 1,
  number_of_data_nodes: 1,
  active_primary_shards: 1,
  active_shards: 1,
  relocating_shards: 0,
  initializing_shards: 0,
  unassigned_shards: 0,
  unassigned_primary_shards: 0,
  delayed_unassigned_shards: 0,
  number_of_pending_tasks: 0,
  number_of_in_flight_fetch: 0,
  task_max_waiting_in_queue_millis: 0,
  active_shards_percent_as_number: 100,
})
