# The page is built with all dependencies; the image carries only those of the server.
FROM node:24-slim AS page
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY web web
COPY server server
RUN node node_modules/vite/bin/vite.js build web

FROM node:24-slim AS modules
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM node:24-slim
ENV MALLOC_ARENA_MAX=2 NODE_ENV=production HOST=0.0.0.0 PORT=3001 DATA_DIR=/data UPLOAD_DIR=/data/uploads
WORKDIR /app
COPY --from=modules /app/node_modules node_modules
COPY package.json LICENSE ./
COPY migrations migrations
COPY server server
COPY --from=page /app/web/dist web/dist
RUN mkdir -p /data/uploads && chown -R node:node /data
# Mount a volume at /data. There is no VOLUME line, because Railway refuses images that have one.
USER node
EXPOSE 3001
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=4", "server/index.ts"]
