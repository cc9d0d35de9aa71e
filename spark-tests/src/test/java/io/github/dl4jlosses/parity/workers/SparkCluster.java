/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.workers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A cluster of Spark on this machine, with executors in JVMs of their own: what they get has been serialised, which the
 * master {@code local} spares.
 */
final class SparkCluster {
    static final int EXECUTORS = 2;
    private static final int MEGABYTES = 1024;

    private SparkCluster() {}

    static JavaSparkContext start() throws IOException {
        // Spark wants a folder for its jars, though the executors have them from the class path
        Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
        String local = "127.0.0.1";
        return new JavaSparkContext(new SparkConf()
                .setMaster("local-cluster[" + EXECUTORS + ",1," + MEGABYTES + "]")
                .setAppName("dl4j-losses")
                .set("spark.driver.host", local)
                .set("spark.driver.bindAddress", local)
                .set("spark.ui.enabled", "false")
                .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
                .set("spark.executor.extraJavaOptions", System.getProperty("spark.opens"))
                .set("spark.executorEnv.OMP_NUM_THREADS", "1"));
    }
}
