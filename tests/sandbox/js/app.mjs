// A small app of the JavaScript Bolt, in Socket Mode. It says "ready" on its output and ends with
// its input. BASE_URL, BOT_TOKEN and APP_TOKEN say where and who it is.
import bolt from "@slack/bolt";

const plain = (text) => ({ type: "plain_text", text });
const button = { type: "button", action_id: "plan", text: plain("Plan"), value: "v" };
const form = {
  type: "modal",
  callback_id: "visit",
  title: plain("A visit"),
  submit: plain("Send"),
  blocks: [
    {
      type: "input",
      block_id: "where",
      label: plain("Where?"),
      element: { type: "plain_text_input", action_id: "text" },
    },
  ],
};

const at = { slackApiUrl: `${process.env.BASE_URL}/api/`, retryConfig: { retries: 0 } };
const app = new bolt.App({
  token: process.env.BOT_TOKEN,
  appToken: process.env.APP_TOKEN,
  socketMode: true,
  clientOptions: at,
  logLevel: bolt.LogLevel.ERROR,
});

app.command("/belay", async ({ ack, command, respond }) => {
  await ack(`got ${command.text}`);
  await respond({ response_type: "ephemeral", text: "and more" });
});

app.message("hello", async ({ message, say }) => {
  await say({
    text: `hello <@${message.user}>`,
    blocks: [{ type: "actions", block_id: "b", elements: [button] }],
  });
});

app.action("plan", async ({ ack, body, client }) => {
  await ack();
  await client.views.open({ trigger_id: body.trigger_id, view: form });
});

app.view("visit", async ({ ack, view, body, client }) => {
  const where = view.state.values.where.text.value;
  if (where.length < 3) {
    await ack({ response_action: "errors", errors: { where: "Say a little more." } });
    return;
  }
  await ack();
  await client.chat.postMessage({ channel: body.user.id, text: `off to ${where}` });
});

app.shortcut("keep", async ({ ack, shortcut, client }) => {
  await ack();
  await client.reactions.add({
    channel: shortcut.channel.id,
    timestamp: shortcut.message.ts,
    name: "pushpin",
  });
});

app.event("reaction_added", async ({ event, client }) => {
  if (event.reaction === "wave") {
    await client.pins.add({ channel: event.item.channel, timestamp: event.item.ts });
  }
});

process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
await app.start();
console.log("ready");
