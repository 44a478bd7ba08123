/** The text as it was written: no HTML of others runs here, and none is shown. */
export function TextPanel({ content }: { content: string }) {
  const text = content.replace(/<!--[\s\S]*?-->/g, '').replace(/<\/?[a-zA-Z][^<>]{0,500}>/g, '');
  return (
    <div className="h-full overflow-auto p-1">
      <p dir="auto" className="foreign whitespace-pre-wrap text-[13px]">
        {text.trim()}
      </p>
    </div>
  );
}
