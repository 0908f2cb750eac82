import { allowed, settingsSchema } from "./schema.ts";

/** The text of `.env.example`: every setting with its description and default, all commented out. */
export function exampleFile(): string {
  const lines = [
    "# Settings of Kontaktlots. Copy this file to .env and take the # away before what you change;",
    "# what stands in the environment goes first. Made by: node src/settings/example.ts > .env.example",
  ];
  for (const [name, schema] of Object.entries(settingsSchema.properties)) {
    const value = "default" in schema ? schema.default : "";
    const description = "description" in schema ? schema.description : "";
    lines.push("", `# ${description}`, `# Allowed: ${allowed(schema)}.`, `#${name}=${value}`);
  }
  return `${lines.join("\n")}\n`;
}

if (import.meta.main) process.stdout.write(exampleFile());
