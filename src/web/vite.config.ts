import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** `vite build` writes dist/; `vite` alone serves the sources and passes everything live to a Kontaktlots on port 8080. */
export default defineConfig({
  plugins: [react()],
  // Libraries are hoisted to the project's root, where the test runner's older React lies: all take the one of this folder.
  resolve: { dedupe: ["react", "react-dom"] },
  build: { target: "es2024", cssTarget: "chrome123", modulePreload: { polyfill: false } },
  server: {
    proxy: {
      "/api": "http://127.0.0.1:8080",
      "/ws": { target: "ws://127.0.0.1:8080", ws: true },
      // The path is also the board's page: only the WebSocket goes on to the server.
      "/live": {
        target: "ws://127.0.0.1:8080",
        ws: true,
        bypass: (request) => (request.headers.upgrade === "websocket" ? undefined : "/index.html"),
      },
    },
  },
});
