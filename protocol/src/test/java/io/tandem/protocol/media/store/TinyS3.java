package io.tandem.protocol.media.store;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One bucket over HTTP that lets nobody in whose signature is not right: it signs what it received,
 * header by header as the request names them, and compares; the body must have the hash that was
 * signed.
 */
final class TinyS3 implements AutoCloseable {
  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          "AWS4-HMAC-SHA256 Credential=[^,]+,SignedHeaders=([^,]+),Signature=[0-9a-f]{64}");

  private final HttpServer server;
  private final String bucket;
  private final SigV4 signature;
  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private volatile boolean busy;

  TinyS3(String region, String bucket, AccessKey key) throws IOException {
    this.bucket = bucket;
    this.signature = new SigV4(key, region, "s3");
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  void busy(boolean on) {
    busy = on;
  }

  Map<String, byte[]> objects() {
    return objects;
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String path = exchange.getRequestURI().getRawPath();
    int status = busy ? 503 : isAuthentic(exchange, path, body) ? status(exchange, path) : 403;
    byte[] answer = new byte[0];
    if (status == 200) {
      switch (exchange.getRequestMethod()) {
        case "PUT" -> objects.put(path, body);
        case "GET" -> answer = objects.get(path);
        default -> objects.remove(path);
      }
    }
    int told = status == 200 && exchange.getRequestMethod().equals("DELETE") ? 204 : status;
    exchange.sendResponseHeaders(told, answer.length == 0 ? -1 : answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private int status(HttpExchange exchange, String path) {
    boolean known = exchange.getRequestMethod().equals("PUT") || objects.containsKey(path);
    return path.startsWith("/" + bucket + "/") && known ? 200 : 404;
  }

  private boolean isAuthentic(HttpExchange exchange, String path, byte[] body) {
    String given = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
    Matcher parts = AUTHORIZATION.matcher(given);
    String hash = exchange.getRequestHeaders().getFirst("x-amz-content-sha256");
    if (!parts.matches() || !SigV4.sha256(body).equals(hash)) {
      return false;
    }
    TreeMap<String, String> signed = new TreeMap<>();
    for (String name : parts.group(1).split(";", -1)) {
      signed.put(name, String.valueOf(exchange.getRequestHeaders().getFirst(name)));
    }
    boolean enough =
        signed.keySet().containsAll(List.of("host", "x-amz-content-sha256", "x-amz-date"));
    SigV4.Request request = new SigV4.Request(exchange.getRequestMethod(), path, "", signed, hash);
    return enough && signature.authorization(request).equals(given);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
