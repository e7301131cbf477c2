import {
  type Company,
  type Document,
  type Hours,
  type Letter,
  type Role,
  type Webhook,
  type Weekday,
  weekdays,
} from '../../engine/definition.ts'
import { z103 } from '../checks/z103-form.ts'
import type { ClockTime, CompanyNode, HoursNode, LetterNode, RoleNode, WebhookNode, WorkingDays } from '../tree.ts'
import { cardRights } from '../vocabulary.ts'
import { type Context, given, place, single } from './context.ts'
import { resolveTemplates, type TemplateNames } from './template.ts'
import { checkDate, oneOf, someOf, textOf, titleOf } from './values.ts'

export function resolveCompany(context: Context, node: CompanyNode): Company {
  if (!node.title?.value.trim()) {
    context.report(z103, node.title?.span ?? node.span, 'the company has no name', {
      text: 'write `company "Name"`',
      yaml: 'write `name: …`',
    })
  }
  const { items } = node
  return {
    name: node.title?.value ?? '',
    ...given('address', single(context, items, 'address')?.value.value),
    ...given('email', single(context, items, 'email')?.value.value),
    ...given('phone', single(context, items, 'phone')?.value.value),
    ...given('officer', single(context, items, 'officer')?.value.value),
    at: place(node.span),
  }
}

export function resolveRole(context: Context, node: RoleNode, name: string): Role {
  const clients = single(context, node.items, 'clients')
  return {
    name,
    title: titleOf(context, name, node.title),
    clients: clients ? someOf(context, clients.value, cardRights, 'right on contact cards') : [],
    at: place(node.span),
  }
}

export function resolveLetter(context: Context, node: LetterNode, name: string, names: TemplateNames): Letter {
  const { title, ...rest } = resolveDocument(context, node, name, names)
  return { ...rest, subject: title }
}

export function resolveDocument(context: Context, node: LetterNode, name: string, names: TemplateNames): Document {
  const body = single(context, node.items, 'body')
  const purpose = single(context, node.items, 'for')
  if (!body && !node.items.some((item) => item.kind === 'broken')) {
    context.report(z103, node.span, `${node.kind} \`${name}\` has no \`body\``, {
      text: 'write what it says: `body "…"`',
      yaml: 'write what it says: `body: …`',
    })
  }
  if (purpose) context.find(context.purposes, purpose.value)
  return {
    name,
    title: titleOf(context, name, node.title),
    body: body ? textOf(context, body.value, true) : { en: '' },
    ...given('purpose', purpose?.value.text),
    uses: resolveTemplates(context, node, names),
    at: place(node.span),
  }
}

export function resolveWebhook(context: Context, node: WebhookNode, name: string): Webhook {
  const url = single(context, node.items, 'url')
  const secret = single(context, node.items, 'secret')
  const purpose = single(context, node.items, 'for')
  if (!url && !node.items.some((item) => item.kind === 'broken')) {
    context.report(z103, node.span, `webhook \`${name}\` has no \`url\``, {
      text: 'write its address: `url "https://…"`',
      yaml: 'write its address: `url: https://…`',
    })
  }
  if (url && !isWebAddress(url.value.value)) {
    context.report(z103, url.value.span, 'this is no web address', 'it begins with `https://`')
  }
  if (secret && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(secret.value.text)) {
    const hint = {
      text: 'the secret itself never stands in a workspace; write `secret SHIPPING_SECRET`',
      yaml: 'the secret itself never stands in a workspace; write `secret: SHIPPING_SECRET`',
    }
    context.report(z103, secret.value.span, 'this is no name of an environment variable', hint)
  }
  if (purpose) context.find(context.purposes, purpose.value)
  return {
    name,
    url: url?.value.value ?? '',
    ...given('recipient', single(context, node.items, 'recipient')?.value.value),
    ...given('secret', secret?.value.text),
    ...given('purpose', purpose?.value.text),
    at: place(node.span),
  }
}

function isWebAddress(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : undefined
  return url !== undefined && (url.protocol === 'https:' || url.protocol === 'http:')
}

export function resolveHours(context: Context, node: HoursNode): Hours {
  const timezone = single(context, node.items, 'timezone')
  if (timezone && !isTimezone(timezone.value.value)) {
    context.report(z103, timezone.value.span, 'there is no such time zone', 'zones are called "Europe/Warsaw" or "UTC"')
  }
  const holidays = node.items.filter((item) => item.kind === 'holidays').flatMap((item) => item.value)
  for (const holiday of holidays) checkDate(context, holiday)
  return {
    ...given('timezone', timezone?.value.value),
    week: node.items.filter((item) => item.kind === 'week').flatMap((item) => weekOf(context, item)),
    holidays: [...new Set(holidays.map((holiday) => holiday.text))],
    at: place(node.span),
  }
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

function weekOf(context: Context, node: WorkingDays): Hours['week'] {
  const days = node.days.flatMap(({ from, to }): Weekday[] => {
    const first = oneOf(context, from, weekdays, 'day of the week')
    const last = to ? oneOf(context, to, weekdays, 'day of the week') : first
    return first && last ? daysFrom(first, last) : []
  })
  const from = minutesOf(context, node.from)
  const to = minutesOf(context, node.to)
  if (from !== undefined && to !== undefined && from >= to) {
    context.report(z103, node.span, 'work ends before it begins', {
      text: 'write the earlier time first: `8:00 to 16:00`',
      yaml: '`from` is the earlier time',
    })
  }
  return [{ days: [...new Set(days)], from: from ?? 0, to: to ?? 0 }]
}

/** `friday to monday` goes over the weekend. */
function daysFrom(first: Weekday, last: Weekday): Weekday[] {
  const start = weekdays.indexOf(first)
  const count = (weekdays.indexOf(last) - start + 7) % 7
  return Array.from({ length: count + 1 }, (_, step) => weekdays[(start + step) % 7] ?? first)
}

function minutesOf(context: Context, time: ClockTime): number | undefined {
  const hour = time.hour.value
  const minute = time.minute.value
  if (Number.isInteger(hour) && Number.isInteger(minute) && minute < 60 && hour * 60 + minute <= 1440)
    return hour * 60 + minute
  context.report(z103, time.hour.span, `there is no time \`${hour}:${minute}\``, 'times go from `0:00` to `24:00`')
  return undefined
}
