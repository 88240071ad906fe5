/** The server-sent events of one model turn that says `text` and ends. */
export function turnEvents(text: string, id: string): string {
  const message = {
    type: "message",
    role: "assistant",
    id: `msg_${id}`,
    content: [{ type: "output_text", text }],
  };
  const usage = { input_tokens: 3, output_tokens: 2, total_tokens: 5 };
  return [
    { type: "response.created", response: { id: `resp_${id}` } },
    { type: "response.output_item.done", output_index: 0, item: message },
    { type: "response.completed", response: { id: `resp_${id}`, usage } },
  ]
    .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join("");
}
