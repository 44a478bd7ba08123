import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { requestTimelineQuery } from '../../api/queries.js';
import { Button } from '../../ui/button.js';
import { Icon } from '../../ui/icon.js';

const FIELD = 'h-8 rounded-md border border-line bg-surface px-2 text-[13px]';

/** Judges a request: a thumb, or a number, with a comment or without. */
export function ScoreForm({ requestId }: { requestId: string }) {
  const [number, setNumber] = useState('');
  const [comment, setComment] = useState('');
  const queries = useQueryClient();
  const give = useMutation({
    mutationFn: (value: number) =>
      api.postScore(requestId, { name: 'user_satisfaction', value, ...(comment !== '' && { comment }) }),
    onSuccess: async () => {
      setNumber('');
      setComment('');
      await queries.invalidateQueries({ queryKey: requestTimelineQuery(requestId).queryKey });
    },
  });
  const isNumber = number.trim() !== '' && Number.isFinite(Number(number));
  return (
    <form
      aria-label="Give a score"
      className="flex flex-wrap items-center gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (isNumber && !give.isPending) give.mutate(Number(number));
      }}
    >
      <Button disabled={give.isPending} aria-label="Thumb up" onClick={() => give.mutate(1)}>
        <Icon name="thumbUp" />
      </Button>
      <Button disabled={give.isPending} aria-label="Thumb down" onClick={() => give.mutate(0)}>
        <Icon name="thumbDown" />
      </Button>
      <input
        className={`${FIELD} w-24`}
        inputMode="decimal"
        aria-label="Number, optional"
        placeholder="0 to 1"
        value={number}
        onChange={(event) => setNumber(event.target.value)}
      />
      <input
        className={`${FIELD} min-w-32 flex-1`}
        aria-label="Comment, optional"
        placeholder="Comment"
        maxLength={2000}
        value={comment}
        onChange={(event) => setComment(event.target.value)}
      />
      <Button type="submit" disabled={!isNumber || give.isPending}>
        Give
      </Button>
      {give.isError && (
        <p role="alert" className="foreign w-full text-[13px] text-bad">
          The score was not stored: {give.error.message}
        </p>
      )}
    </form>
  );
}
