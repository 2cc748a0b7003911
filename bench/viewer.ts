import { type Agent, request } from 'node:http'

/** Who looks at panels through the gateway. */
export interface Viewer {
  /** Of the api. */
  readonly url: string
  readonly token: string
  readonly agent: Agent
  readonly encoding: 'identity' | 'gzip'
}

/** One question, and whose it is. */
export interface PanelQuestion {
  readonly text: string
  readonly dashboard: string
  readonly panel: string
}

export interface PanelAnswer {
  /** What the cache had of it. */
  readonly state: string
  /** As they came. */
  readonly bytes: number
}

/** Asks as Grafana does and reads the whole answer. Rejects when it is an error. */
export function askPanel(
  { url, token, agent, encoding }: Viewer,
  { text, dashboard, panel }: PanelQuestion,
): Promise<PanelAnswer> {
  const query = new URLSearchParams({ db: 'warren', epoch: 'ms', q: text })
  const headers = {
    authorization: `Bearer ${token}`,
    'accept-encoding': encoding,
    'x-dashboard-uid': dashboard,
    'x-panel-id': panel,
  }
  return new Promise((resolve, reject) => {
    const address = `${url}/gateway/influxdb/query?${query}`
    const asked = request(address, { agent, headers }, (answer) => {
      let bytes = 0
      let said = ''
      const isError = answer.statusCode !== 200
      const state = String(answer.headers['x-warren-cache']).split(';')[0] ?? ''
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (isError) said += chunk
      })
      answer.on('end', () => {
        if (isError) reject(new Error(`${answer.statusCode}: ${said}`))
        else resolve({ state, bytes })
      })
    })
    asked.on('error', reject).end()
  })
}
