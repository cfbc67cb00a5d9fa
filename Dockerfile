# The page is built with all dependencies; the image carries only those of the server, and runs as a user without rights.
# There are no cache mounts, because Railway refuses those that don't name one of its services: the layers are the cache.
# npm runs again only when the lock file changes, and then downloads everything once for both of its runs.
FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --cache /npm-cache

FROM dependencies AS page
COPY tsconfig.json LICENSE ./
COPY migrations migrations
COPY server server
COPY web web
# Whatever the rights of the files in the checkout were: the server's user must be able to read them.
RUN node server/setup/build.mjs && chmod -R a+rX LICENSE package.json migrations server web/dist

FROM dependencies AS modules
# Source maps and type declarations, a fifth of all bytes, are of use to developers only.
RUN npm ci --omit=dev --ignore-scripts --cache /npm-cache --prefer-offline \
  && find node_modules -type f \( -name "*.map" -o -name "*.ts" -o -name "*.cts" -o -name "*.mts" \) -delete

FROM node:24-slim
ARG VERSION=0.0.0
# Railway names the commit by itself; others do by --build-arg REVISION=$(git rev-parse HEAD).
ARG RAILWAY_GIT_COMMIT_SHA
ARG REVISION=$RAILWAY_GIT_COMMIT_SHA
LABEL org.opencontainers.image.title="Photo to 3D" \
  org.opencontainers.image.description="Turns a photo of an object into a 3D model to view, place in a room, print and fetch over REST." \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.version="$VERSION" \
  org.opencontainers.image.revision="$REVISION"
ENV MALLOC_ARENA_MAX=2 NODE_ENV=production HOST=0.0.0.0 PORT=3001 DATA_DIR=/data UPLOAD_DIR=/data/uploads
WORKDIR /app
COPY --from=modules /app/node_modules node_modules
COPY --from=page /app/LICENSE /app/package.json ./
COPY --from=page /app/migrations migrations
COPY --from=page /app/server server
COPY --from=page /app/web/dist web/dist
# Mount a volume at /data. There is no VOLUME line, because Railway refuses images that have one.
RUN mkdir -p /data/uploads/input /data/uploads/models /data/uploads/temp && chown -R node:node /data \
  && printf %s "$REVISION" > REVISION
USER node
EXPOSE 3001
HEALTHCHECK --interval=15s --timeout=5s --start-period=120s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=4", "server/index.ts"]
