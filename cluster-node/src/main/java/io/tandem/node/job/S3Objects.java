package io.tandem.node.job;

import io.tandem.persistence.proof.AnchorException;
import io.tandem.persistence.proof.Anchors;
import io.tandem.persistence.proof.ObjectStore;
import io.tandem.protocol.media.store.AccessKey;
import io.tandem.protocol.media.store.SigV4;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * Objects in S3, or in what speaks like it, written once: {@code PUT} with {@code If-None-Match:
 * *}, which a service answers 412 where there is one of that name. A bucket with object lock keeps
 * them also from who has the key. No redirect is followed: it would carry the signature elsewhere.
 */
public final class S3Objects implements ObjectStore, AutoCloseable {
  /** With the key of {@code AWS_ACCESS_KEY_ID} and {@code AWS_SECRET_ACCESS_KEY}. */
  public static final Anchors.Remote FROM_ENVIRONMENT =
      address ->
          of(
              address,
              new AccessKey(
                  System.getenv().getOrDefault("AWS_ACCESS_KEY_ID", ""),
                  System.getenv().getOrDefault("AWS_SECRET_ACCESS_KEY", "")),
              InstantSource.system());

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int PRECONDITION_FAILED = 412;

  private final String service;
  private final String host;
  private final String bucket;
  private final String prefix;
  private final SigV4 signature;
  private final InstantSource clock;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(PATIENCE)
          .build();

  private S3Objects(
      URI address,
      String bucket,
      String prefix,
      String region,
      AccessKey key,
      InstantSource clock) {
    this.host =
        address.getPort() < 0 ? address.getHost() : address.getHost() + ":" + address.getPort();
    this.service = address.getScheme() + "://" + host;
    this.bucket = bucket;
    this.prefix = prefix;
    this.signature = new SigV4(key, region, "s3");
    this.clock = clock;
  }

  /**
   * Opens a store.
   *
   * @param address {@code https://HOST/BUCKET[/PREFIX]?region=REGION}
   * @throws IllegalArgumentException where it is none
   */
  public static S3Objects of(URI address, AccessKey key, InstantSource clock) {
    String[] path = String.valueOf(address.getPath()).split("/", 3);
    String query = String.valueOf(address.getQuery());
    if (address.getHost() == null
        || path.length < 2
        || !path[1].matches("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
        || (path.length == 3 && !path[2].matches("[A-Za-z0-9/_.-]*"))
        || !query.matches("region=[a-z0-9-]+")) {
      throw new IllegalArgumentException(
          "allowed: https://HOST/BUCKET/PREFIX?region=REGION, found " + address);
    }
    String prefix = path.length == 3 ? path[2] : "";
    return new S3Objects(
        address,
        path[1],
        prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/",
        query.substring("region=".length()),
        key,
        clock);
  }

  @Override
  public String name() {
    return service + "/" + bucket + "/" + prefix;
  }

  @Override
  public boolean putIfAbsent(String key, byte[] bytes) {
    int status = send("PUT", path(key), "", Map.of("if-none-match", "*"), bytes).statusCode();
    if (status == PRECONDITION_FAILED || status == CONFLICT) {
      return false;
    }
    require(status, "to put");
    return true;
  }

  @Override
  public Optional<byte[]> get(String key) {
    HttpResponse<byte[]> answer = send("GET", path(key), "", Map.of(), new byte[0]);
    if (answer.statusCode() == NOT_FOUND) {
      return Optional.empty();
    }
    require(answer.statusCode(), "to get");
    return Optional.of(answer.body());
  }

  @Override
  public Stream<String> keys() {
    return Stream.iterate(list(""), page -> !page.keys().isEmpty(), page -> list(page.next()))
        .flatMap(page -> page.keys().stream())
        .map(key -> key.substring(prefix.length()));
  }

  /** Some names in their order, and how the next are asked for; empty for no more. */
  private record Page(java.util.List<String> keys, String next) {}

  private Page list(String after) {
    StringBuilder query = new StringBuilder("list-type=2&prefix=").append(encoded(prefix));
    if (!after.isEmpty()) {
      query.append("&start-after=").append(encoded(after));
    }
    HttpResponse<byte[]> answer =
        send("GET", "/" + bucket, query.toString(), Map.of(), new byte[0]);
    require(answer.statusCode(), "to list");
    NodeList keys = xml(answer.body()).getElementsByTagName("Key");
    java.util.List<String> names = new java.util.ArrayList<>();
    for (int i = 0; i < keys.getLength(); i++) {
      names.add(String.valueOf(keys.item(i).getTextContent()));
    }
    return new Page(names, names.isEmpty() ? "" : names.getLast());
  }

  private Document xml(byte[] body) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      return factory.newDocumentBuilder().parse(new ByteArrayInputStream(body));
    } catch (ParserConfigurationException | SAXException | IOException e) {
      throw new AnchorException(name() + " answered with no list", e);
    }
  }

  private String path(String key) {
    return "/" + bucket + "/" + prefix + key;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HttpResponse<byte[]> send(
      String method, String path, String query, Map<String, String> more, byte[] body) {
    SortedMap<String, String> headers = new TreeMap<>(more);
    String hash = SigV4.sha256(body);
    headers.put("x-amz-content-sha256", hash);
    headers.put("x-amz-date", SigV4.stamp(clock.instant()));
    // the query is sorted by name as it is: list-type, prefix, start-after
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(service + path + (query.isEmpty() ? "" : "?" + query)))
            .method(
                method,
                body.length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body))
            .timeout(PATIENCE);
    headers.forEach(request::header);
    headers.put("host", host);
    SigV4.Request toSign = new SigV4.Request(method, path, query, headers, hash);
    request.header("Authorization", signature.authorization(toSign));
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new AnchorException(name() + " cannot be reached", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AnchorException(name() + " was not waited for", e);
    }
  }

  /** The body of a refusal is not shown: it names buckets and keys. */
  private void require(int status, String what) {
    if (status / 100 * 100 != OK) {
      throw new AnchorException(name() + " answered " + status + " " + what);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
