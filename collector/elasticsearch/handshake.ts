import { clusterHealth, clusterInfo } from '@warren/contracts/elasticsearch-cluster'

/** What shippers ask before they send, and what they put there for an Elasticsearch to use. The rules: what is asked is answered with what is true of Warren;
 *  whatever they look for exists, so that they need not make it; what they make all the same is acknowledged, with a warning that it is not used. */

const license = { status: 'active', uid: 'warren', type: 'basic', issued_to: 'warren' }

/** By path; also what HEAD asks for. */
export const facts: Readonly<Record<string, unknown>> = {
  '/': clusterInfo,
  '/_cluster/health': clusterHealth('green'),
  '/_cat/health': [{ cluster: 'warren', status: 'green' }],
  '/_license': { license },
  // Beats that find no lifecycle management write to an index a day, and ask for no more.
  '/_xpack': {
    license: { uid: 'warren', type: 'basic', mode: 'basic', status: 'active' },
    features: { ilm: { available: false, enabled: false } },
  },
  // Nothing to sniff: who looks for other nodes stays at this address.
  ...Object.fromEntries(
    ['/_nodes', '/_nodes/http', '/_nodes/_all/http', '/_nodes/_local'].map((path) => [
      path,
      { _nodes: { total: 0, successful: 0, failed: 0 }, cluster_name: 'warren', nodes: {} },
    ]),
  ),
}

/** Kinds of things that shippers make, and an answer that says one is there. */
export const things: Readonly<Record<string, (name: string) => unknown>> = {
  '/_index_template/:name': (name) => ({
    index_templates: [{ name, index_template: { index_patterns: [] } }],
  }),
  '/_template/:name': (name) => ({ [name]: { index_patterns: [] } }),
  '/_component_template/:name': (name) => ({
    component_templates: [{ name, component_template: { template: {} } }],
  }),
  '/_ilm/policy/:name': (name) => ({ [name]: { version: 1, policy: { phases: {} } } }),
  '/_ingest/pipeline/:name': (name) => ({ [name]: { processors: [] } }),
  '/_data_stream/:name': (name) => ({
    data_streams: [{ name, timestamp_field: { name: '@timestamp' }, indices: [] }],
  }),
  '/_alias/:name': (name) => ({ [name]: { aliases: { [name]: {} } } }),
}

/** https://www.rfc-editor.org/rfc/rfc7234#section-5.5; clients show it when its agent is called so. */
export const unusedWarning = `299 Elasticsearch-${clusterInfo.version.number}-warren "templates, policies, pipelines and aliases are not used: records are mapped by Warren"`
