import { useQuery } from '@tanstack/react-query';
import type { RequestTimeline } from '@vedetta/client';
import { useMemo } from 'react';
import { statusQuery } from '../../api/queries.js';
import { formatDuration, formatTokenPair } from '../../format/format.js';
import { cx } from '../../ui/class-names.js';
import { EmptyState } from '../../ui/states.js';
import { PartView } from './part-view.js';
import type { Conversation } from './read-messages.js';
import { readConversations } from './read-messages.js';

const ROLES: Readonly<Record<string, string>> = {
  user: 'bg-accent-soft',
  assistant: 'bg-sunken',
  system: 'border border-line',
  tool: 'border border-line',
};

/** The conversations of a request as chats, one for each model call. */
export function MessagesView({ timeline }: { timeline: RequestTimeline }) {
  const conversations = useMemo(() => readConversations(timeline.spans), [timeline.spans]);
  const { data: status } = useQuery(statusQuery());
  const privacy = status?.privacy;
  const off = privacy?.content === 'off' || privacy?.content === 'numbers';
  if (conversations.length === 0) {
    return (
      <EmptyState title="No messages">
        {off
          ? `This server keeps no prompts and answers (content is "${privacy.content}").`
          : 'The sender recorded none. Many instrumentations leave content out until told otherwise.'}
      </EmptyState>
    );
  }
  return (
    <div className="flex flex-col gap-3" data-testid="messages">
      {privacy?.content === 'preview' && (
        <p className="rounded bg-sunken px-3 py-1.5 text-xs text-soft">
          Texts are redacted and cut to {privacy.preview_characters} characters before they are stored.
        </p>
      )}
      {conversations.map((conversation, i) => (
        <ConversationView
          key={conversation.span.span_id}
          conversation={conversation}
          open={i === conversations.length - 1}
        />
      ))}
    </div>
  );
}

function ConversationView({ conversation, open }: { conversation: Conversation; open: boolean }) {
  const { span, system, input, output } = conversation;
  const usage = (span.gen_ai?.usage ?? {}) as { input_tokens?: number; output_tokens?: number };
  const messages = [
    ...(system.length > 0 ? [{ role: 'system', parts: system }] : []),
    ...input,
    ...output.map((message) => ({ ...message, answer: true })),
  ];
  return (
    <details open={open} className="rounded-md border border-line">
      <summary className="cursor-pointer px-3 py-2 text-[13px]">
        <bdi className="font-medium">{span.name.slice(0, 200)}</bdi>{' '}
        <span className="tabular text-xs text-soft">
          {formatDuration(span.duration_ms)} ·{' '}
          {formatTokenPair(usage.input_tokens ?? null, usage.output_tokens ?? null)} tokens
        </span>
      </summary>
      <ol className="flex flex-col gap-2 px-3 pb-3">
        {messages.map((message, i) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: messages have a fixed order and no ids
            key={i}
            className={cx(
              'max-w-[92%] min-w-0 rounded-lg px-3 py-2 text-[13px]',
              ROLES[message.role] ?? 'bg-sunken',
              message.role === 'user' ? 'self-end' : 'self-start',
            )}
          >
            <p className="pb-0.5 text-[11px] font-semibold text-soft">
              <bdi>{message.role.slice(0, 60)}</bdi>
              {'answer' in message && ' · answer'}
              {'finish_reason' in message &&
                message.finish_reason !== undefined &&
                ` · ${message.finish_reason.slice(0, 60)}`}
            </p>
            {message.parts.map((part, j) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: parts have a fixed order and no ids
              <PartView key={j} part={part} />
            ))}
          </li>
        ))}
      </ol>
    </details>
  );
}
