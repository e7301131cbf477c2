import { Refusal } from '../../refusal.ts'
import { Attachment } from '../attachment.ts'
import { type Paging, pageOf, paging } from './paging.ts'
import { presentMessage, presentNotification, presentProcess } from './present.ts'
import { type Route, staffRoute } from './route.ts'
import { object, schema } from './schema.ts'
import { count, list, mailFile, named, page, text } from './shapes.ts'

const processes = staffRoute({
  method: 'get',
  path: '/processes',
  id: 'listProcesses',
  summary: 'The processes you have any right on, and their versions.',
  answers: { 200: object({ items: list(named('Process')) }) },
  handle: async ({ ports }, { by, language }) => ({
    items: ports.workspace.processes(by).map((process) => presentProcess(process, language)),
  }),
})

const process = staffRoute({
  method: 'get',
  path: '/processes/:name',
  id: 'getProcess',
  summary: 'One process: its stages and your rights.',
  answers: { 200: named('Process') },
  handle: async ({ ports }, { by, params, language }) => {
    const found = ports.workspace.processes(by).find(({ name }) => name === params.name)
    if (!found) throw new Refusal('not-found', 'There is no such process, or none that you may see.')
    return presentProcess(found, language)
  },
})

const preview = staffRoute({
  method: 'get',
  path: '/processes/:name/letters/:letter/preview',
  id: 'previewLetter',
  summary: 'A letter as its receiver would get it, with sample values; for those who have every role.',
  query: schema<{ language?: 'en' | 'pl' }>(object({}, { language: { enum: ['en', 'pl'] } })),
  answers: {
    200: object({
      process: text,
      letter: text,
      language: text,
      subject: text,
      text,
      html: text,
      attachments: list(object({ name: text, title: text })),
    }),
  },
  handle: async ({ ports }, { by, params, query, language }) =>
    ports.workspace.previewLetter(by, params.name ?? '', params.letter ?? '', query.language ?? language),
})

const people = staffRoute({
  method: 'get',
  path: '/people',
  id: 'listPeople',
  summary: 'Those who work here now: whom a case can be given to, and what a field for people takes.',
  answers: { 200: object({ items: list(named('Person')) }) },
  handle: async ({ ports }, { by }) => ({ items: await ports.workspace.people(by) }),
})

const notifications = staffRoute({
  method: 'get',
  path: '/notifications',
  id: 'listNotifications',
  summary: 'Your notifications, newest first.',
  query: schema<Paging>(object({}, paging)),
  answers: { 200: object({ items: list(named('Notification')), unread: count }, { next: text }) },
  handle: async ({ ports }, { by, query, language }) => {
    const found = await ports.notifications.list(by, pageOf(query))
    const items = found.items.map((notification) => presentNotification(notification, language))
    return { ...found, items, unread: await ports.notifications.unread(by) }
  },
})

const markRead = staffRoute({
  method: 'post',
  path: '/notifications/:id/read',
  id: 'readNotification',
  summary: 'Marks a notification as read.',
  answers: { 204: null },
  handle: async ({ ports }, { by, params }) => ports.notifications.markRead(by, params.id ?? ''),
})

const inbox = staffRoute({
  method: 'get',
  path: '/messages',
  id: 'listMessages',
  summary:
    'What came to the company mailbox and belongs to no case, newest first, each with the reason why it changed nothing.',
  query: schema<Paging>(object({}, paging)),
  answers: { 200: page(named('Message')) },
  handle: async ({ ports }, { by, query, language }) => {
    const found = await ports.inbox.list(by, pageOf(query))
    return { ...found, items: found.items.map((message) => presentMessage(message, language)) }
  },
})

const strayMessage = staffRoute({
  method: 'get',
  path: '/messages/:message',
  id: 'getStrayMessage',
  summary: 'One of them as it came, byte by byte.',
  answers: { 200: mailFile },
  handle: async ({ ports }, { by, params }) => new Attachment(await ports.inbox.message(by, params.message ?? '')),
})

export const workspaceRoutes: readonly Route[] = [
  processes,
  process,
  preview,
  people,
  notifications,
  markRead,
  inbox,
  strayMessage,
]
