package io.tandem.protocol.media.store;

/**
 * Who we are to an S3 service.
 *
 * @param id of the key, which requests show
 * @param secret of the key, which nothing shows
 */
public record AccessKey(String id, String secret) {
  @Override
  public String toString() {
    return "AccessKey[" + id + ", masked]";
  }
}
