package io.tandem.protocol.media.store;

import java.net.URI;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Where recordings are kept in S3, or in what speaks like it.
 *
 * @param endpoint of the service, {@code https://s3.eu-central-1.amazonaws.com}; the bucket is the
 *     first part of the path (path style), which every service understands
 * @param bucket 3 to 63 lower-case letters, digits, dots and dashes
 * @param prefix of every name, empty or ending in a slash
 * @param limit for one upload or download as a whole
 */
public record S3Settings(
    URI endpoint, String region, String bucket, String prefix, AccessKey key, Duration limit) {
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

  /**
   * @throws IllegalArgumentException when the endpoint is no http(s) URL of a host alone, or the
   *     bucket, the prefix or the limit cannot be
   */
  public S3Settings {
    boolean http = "http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme());
    String path = endpoint.getRawPath() == null ? "" : endpoint.getRawPath();
    if (!http || endpoint.getHost() == null || !(path.isEmpty() || path.equals("/"))) {
      throw new IllegalArgumentException("no endpoint of an S3 service: " + endpoint);
    }
    if (!BUCKET.matcher(bucket).matches()) {
      throw new IllegalArgumentException("no name of a bucket: " + bucket);
    }
    if (!prefix.isEmpty()) {
      if (!prefix.endsWith("/")) {
        throw new IllegalArgumentException("a prefix ends in a slash: " + prefix);
      }
      var unused = new RecordingName(prefix.substring(0, prefix.length() - 1));
    }
    if (limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException("a limit is a time: " + limit);
    }
  }

  /** The path of an object; names need no encoding. */
  String path(RecordingName name) {
    return "/" + bucket + "/" + prefix + name.text();
  }

  /** The {@code Host} header that the JDK's client sends. */
  String host() {
    return endpoint.getPort() < 0
        ? endpoint.getHost()
        : endpoint.getHost() + ":" + endpoint.getPort();
  }
}
