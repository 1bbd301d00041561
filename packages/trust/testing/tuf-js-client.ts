import { BaseFetcher, Updater } from "tuf-js";
import { DownloadHTTPError } from "tuf-js/dist/error.js";
import type { RepositoryUnderTest } from "./repository-under-test.ts";

export type TufJs = Updater;

/** The client of others, over the same folder: `folder` holds root.json to begin with. */
export function tufJsOver(repository: RepositoryUnderTest, folder: string): TufJs {
  return new Updater({
    metadataDir: folder, metadataBaseUrl: "http://repository/metadata", targetDir: folder, targetBaseUrl: "http://repository/targets", fetcher: new BlobFetcher(repository),
  });
}

class BlobFetcher extends BaseFetcher {
  readonly #repository: RepositoryUnderTest;

  constructor(repository: RepositoryUnderTest) {
    super();
    this.#repository = repository;
  }

  override async fetch(url: string): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    const octets = this.#repository.blobs.blobs.get(`public${new URL(url).pathname}`);
    if (!octets) throw new DownloadHTTPError("there is none", 404);
    return new Blob([octets.slice()]).stream();
  }
}
