import type { Check } from './check.ts'

export const z408: Check = {
  code: 'Z408',
  severity: 'error',
  title: "consent is asked for and can't be withdrawn, or a stage needs it and says not where to go",
  rule: 'Withdrawing a consent is as easy as giving it, and takes effect at once: who asks for a consent shows a process in the portal or writes to the client, and a stage that needs one names the stage that its cases go to without it.',
  source: 'GDPR Art. 7(3)',
  wrong: `purpose treatment "Treat you" { basis explicit consent }
process visit "Visit" {
  stage treating "In treatment" { needs consent to treatment }
  final stage stopped "Stopped"
}`,
  right: `purpose treatment "Treat you" { basis explicit consent }
process visit "Visit" {
  stage treating "In treatment" { needs consent to treatment, otherwise go to stopped }
  final stage stopped "Stopped"
}`,
  wrongYaml: `purposes:
  treatment: { title: Treat you, basis: explicit consent }
processes:
  visit:
    stages:
      treating:
        title: In treatment
        needs:
          - { consent: treatment }
      stopped: { title: Stopped, final: true }`,
  rightYaml: `purposes:
  treatment: { title: Treat you, basis: explicit consent }
processes:
  visit:
    stages:
      treating:
        title: In treatment
        needs:
          - { consent: treatment, otherwise: stopped }
      stopped: { title: Stopped, final: true }`,
}
