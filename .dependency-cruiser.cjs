/** Who may import whom (docs: architecture). Type imports count. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: '^(bot|channels|coding|console|dialogs|insight|languages|models|safeguarding|test)/', pathNot: allowed },
});
const livesIn = (library, folder) => ({
  name: `${library}-lives-in-${folder.replace(/\W/g, '-')}`,
  severity: 'error',
  from: {
    path: '^(bot|channels|coding|console|dialogs|insight|languages|models|safeguarding)/',
    pathNot: `^${folder}/`,
  },
  to: { path: `node_modules/${library}/` },
});
const PLAIN = '^models/(vocabulary|ids)\\.ts$';

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'nothing-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    { name: 'nothing-imports-test', severity: 'error', from: { pathNot: '^test/' }, to: { path: '^test/' } },
    only('languages-are-pure', '^languages/', ['^languages/', PLAIN]),
    only('coding-is-pure', '^coding/', ['^coding/', PLAIN]),
    only('dialogs-are-pure', '^dialogs/', ['^dialogs/', '^languages/', '^coding/', '^safeguarding/', PLAIN]),
    only('models-know-nobody', '^models/', ['^models/']),
    only('the-contract-is-plain', '^channels/channel\\.ts$', [PLAIN]),
    only('outbox-knows-the-contract', '^channels/outbox/', [
      '^channels/outbox/',
      '^channels/channel\\.ts$',
      '^models/',
    ]),
    only('media-knows-the-contract', '^channels/media/', ['^channels/media/', '^channels/channel\\.ts$', '^models/']),
    {
      name: 'providers-know-the-contract-only',
      severity: 'error',
      from: { path: '^channels/(?!outbox/|media/)([^/]+)/' },
      to: {
        path: '^(bot|channels|coding|console|dialogs|insight|languages|models|safeguarding|test)/',
        pathNot: ['^channels/$1/', '^channels/channel\\.ts$', PLAIN],
      },
    },
    livesIn('twilio', 'channels/twilio'),
    livesIn('bottleneck', 'channels/outbox'),
    livesIn('franc', 'languages'),
    livesIn('i18next', 'languages'),
    livesIn('mongoose', 'models'),
    livesIn('botbuilder', 'bot'),
    livesIn('lmdb', 'models/embedded'),
    livesIn('mingo', 'models/embedded'),
    {
      name: 'not-to-dev-dependencies',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { dependencyTypes: ['npm-dev'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
